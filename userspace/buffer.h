/* SPDX-License-Identifier: GPL-2.0 */
#ifndef MCPEER_BUFFER_H
#define MCPEER_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/**
 * struct mcpeer_buffer - bytes that are to be written
 * @bytes: them
 * @len: how many
 * @room: for so many there is memory
 * @failed: some are missing, for want of memory
 *
 * All zero is an empty one.
 */
struct mcpeer_buffer {
	char *bytes;
	size_t len;
	size_t room;
	bool failed;
};

bool mcpeer_buffer_grow(struct mcpeer_buffer *buffer, size_t len);
int mcpeer_buffer_print(struct mcpeer_buffer *buffer);
int mcpeer_buffer_print_much(struct mcpeer_buffer *buffer);
void mcpeer_buffer_free(struct mcpeer_buffer *buffer);

/**
 * mcpeer_buffer_extend - append bytes that the caller sets
 * @buffer: the buffer
 * @len: how many
 *
 * Return: the first of them, NULL if there is no memory.
 */
static inline char *mcpeer_buffer_extend(struct mcpeer_buffer *buffer,
					 size_t len)
{
	char *at;

	if (len >= buffer->room - buffer->len &&
	    !mcpeer_buffer_grow(buffer, len))
		return NULL;
	at = buffer->bytes + buffer->len;
	buffer->len += len;
	return at;
}

/**
 * mcpeer_buffer_add - append bytes
 * @buffer: the buffer
 * @bytes: the bytes
 * @len: how many
 */
static inline void mcpeer_buffer_add(struct mcpeer_buffer *buffer,
				     const void *bytes, size_t len)
{
	char *at = mcpeer_buffer_extend(buffer, len);

	if (at)
		memcpy(at, bytes, len);
}

/**
 * mcpeer_buffer_add_text - append a text, without the NUL at its end
 * @buffer: the buffer
 * @text: the text
 */
static inline void mcpeer_buffer_add_text(struct mcpeer_buffer *buffer,
					  const char *text)
{
	mcpeer_buffer_add(buffer, text, strlen(text));
}

/**
 * mcpeer_buffer_add_byte - append one byte, or the same several times
 * @buffer: the buffer
 * @byte: the byte
 * @count: how many times
 */
static inline void mcpeer_buffer_add_byte(struct mcpeer_buffer *buffer,
					  char byte, size_t count)
{
	char *at = mcpeer_buffer_extend(buffer, count);

	if (at)
		memset(at, byte, count);
}

#endif
