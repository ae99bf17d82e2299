// SPDX-License-Identifier: GPL-2.0
/* Output in the making: a line or a list is put together, then written. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "buffer.h"

#define ROOM_AT_FIRST	1024
#define MUCH		65536

/**
 * mcpeer_buffer_grow - make room for more bytes, be they none, and one besides
 * @buffer: the buffer; from the first failure on nothing is appended
 * @len: how many
 *
 * Return: false if there is no memory.
 */
bool mcpeer_buffer_grow(struct mcpeer_buffer *buffer, size_t len)
{
	size_t room = buffer->room ? buffer->room : ROOM_AT_FIRST;
	char *larger;

	if (buffer->failed)
		return false;
	while (room - buffer->len <= len)
		room *= 2;
	larger = realloc(buffer->bytes, room);
	if (!larger) {
		/* Without room nothing smaller gets in either. */
		buffer->room = buffer->len;
		buffer->failed = true;
		return false;
	}
	buffer->bytes = larger;
	buffer->room = room;
	return true;
}

/**
 * mcpeer_buffer_print - write all to stdout, and begin anew
 * @buffer: the buffer
 *
 * Return: 0 or a negative error number; then nothing or too little is written.
 */
int mcpeer_buffer_print(struct mcpeer_buffer *buffer)
{
	size_t len = buffer->len;

	if (buffer->failed)
		return -ENOMEM;
	buffer->len = 0;
	errno = 0;
	if (!len || fwrite(buffer->bytes, 1, len, stdout) == len)
		return 0;
	return errno ? -errno : -EIO;
}

/**
 * mcpeer_buffer_print_much - write all to stdout once it is much
 * @buffer: the buffer
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_buffer_print_much(struct mcpeer_buffer *buffer)
{
	if (buffer->len < MUCH && !buffer->failed)
		return 0;
	return mcpeer_buffer_print(buffer);
}

/**
 * mcpeer_buffer_free - forget all
 * @buffer: the buffer
 */
void mcpeer_buffer_free(struct mcpeer_buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct mcpeer_buffer) { .bytes = NULL };
}
