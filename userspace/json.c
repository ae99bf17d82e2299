// SPDX-License-Identifier: GPL-2.0
/* Values of ours as JSON, of which each byte is printable ASCII. */
#include <stdio.h>

#include "client.h"
#include "json.h"
#include "text.h"

/* What stands for bytes that are no characters. */
#define REPLACEMENT	0xfffd

/* At the end of what is written; a text ends in a quote. */
static bool opens(char byte)
{
	return byte == '{' || byte == '[';
}

/* A comma stands before all values but the first. */
static void begin_value(struct mcpeer_buffer *to, const char *key)
{
	if (to->len && !opens(to->bytes[to->len - 1]))
		mcpeer_buffer_add_byte(to, ',', 1);
	if (!key)
		return;
	mcpeer_buffer_add_byte(to, '"', 1);
	mcpeer_buffer_add_text(to, key);
	mcpeer_buffer_add(to, "\":", 2);
}

/**
 * mcpeer_json_begin_object - begin an object
 * @to: where to
 * @key: its key, or NULL
 */
void mcpeer_json_begin_object(struct mcpeer_buffer *to, const char *key)
{
	begin_value(to, key);
	mcpeer_buffer_add_byte(to, '{', 1);
}

/**
 * mcpeer_json_end_object - end an object
 * @to: where to
 */
void mcpeer_json_end_object(struct mcpeer_buffer *to)
{
	mcpeer_buffer_add_byte(to, '}', 1);
}

/**
 * mcpeer_json_begin_array - begin an array
 * @to: where to
 * @key: its key, or NULL
 */
void mcpeer_json_begin_array(struct mcpeer_buffer *to, const char *key)
{
	begin_value(to, key);
	mcpeer_buffer_add_byte(to, '[', 1);
}

/**
 * mcpeer_json_end_array - end an array
 * @to: where to
 */
void mcpeer_json_end_array(struct mcpeer_buffer *to)
{
	mcpeer_buffer_add_byte(to, ']', 1);
}

/**
 * mcpeer_json_null - write that there is nothing
 * @to: where to
 * @key: its key, or NULL
 */
void mcpeer_json_null(struct mcpeer_buffer *to, const char *key)
{
	begin_value(to, key);
	mcpeer_buffer_add_text(to, "null");
}

/**
 * mcpeer_json_boolean - write a truth
 * @to: where to
 * @key: its key, or NULL
 * @value: the truth
 */
void mcpeer_json_boolean(struct mcpeer_buffer *to, const char *key, bool value)
{
	begin_value(to, key);
	mcpeer_buffer_add_text(to, value ? "true" : "false");
}

static bool is_plain(char byte)
{
	return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
}

static void add_unit(struct mcpeer_buffer *to, uint16_t unit)
{
	char escaped[8];

	snprintf(escaped, sizeof(escaped), "\\u%04X", unit);
	mcpeer_buffer_add_text(to, escaped);
}

/* A character that may not stand as it is; beyond 16 bits it takes a pair. */
static void add_escaped(struct mcpeer_buffer *to, uint32_t code)
{
	static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *at = named; *at; at += 2) {
		if (code != (unsigned char)*at)
			continue;
		mcpeer_buffer_add_byte(to, '\\', 1);
		mcpeer_buffer_add_byte(to, at[1], 1);
		return;
	}
	if (code > 0xffff) {
		add_unit(to, 0xd800 + ((code - 0x10000) >> 10));
		code = 0xdc00 + (code & 0x3ff);
	}
	add_unit(to, code);
}

/**
 * mcpeer_json_text - write a text
 * @to: where to
 * @key: its key, or NULL
 * @text: any bytes, of which those that are not UTF-8 are replaced; NULL for
 *	null
 */
void mcpeer_json_text(struct mcpeer_buffer *to, const char *key,
		      const char *text)
{
	const char *plain;
	uint32_t code;
	size_t len;

	if (!text) {
		mcpeer_json_null(to, key);
		return;
	}
	begin_value(to, key);
	mcpeer_buffer_add_byte(to, '"', 1);
	while (*text) {
		for (plain = text; is_plain(*text); text++)
			;
		mcpeer_buffer_add(to, plain, text - plain);
		if (!*text)
			break;
		len = mcpeer_text_decode(text, &code);
		add_escaped(to, len ? code : REPLACEMENT);
		text += len ? len : 1;
	}
	mcpeer_buffer_add_byte(to, '"', 1);
}

/**
 * mcpeer_json_word - write a word
 * @to: where to
 * @key: its key, or NULL
 * @word: a word, an empty one for null
 */
void mcpeer_json_word(struct mcpeer_buffer *to, const char *key,
		      const struct mcpeer_word *word)
{
	mcpeer_json_text(to, key, *word->text ? word->text : NULL);
}

/**
 * mcpeer_json_number - write a number
 * @to: where to
 * @key: its key, or NULL
 * @number: a number, MCPEER_CLIENT_NONE for null
 */
void mcpeer_json_number(struct mcpeer_buffer *to, const char *key,
			uint64_t number)
{
	char digits[MCPEER_TEXT_NUMBER_MAX];

	if (number == MCPEER_CLIENT_NONE) {
		mcpeer_json_null(to, key);
		return;
	}
	begin_value(to, key);
	mcpeer_buffer_add(to, digits,
			  mcpeer_text_number(digits, number) - digits);
}

/**
 * mcpeer_json_seconds - write a time
 * @to: where to
 * @key: its key, or NULL
 * @ms: milliseconds, MCPEER_CLIENT_NONE for null
 *
 * There is a point in each, so that all are numbers of one type.
 */
void mcpeer_json_seconds(struct mcpeer_buffer *to, const char *key, uint64_t ms)
{
	char digits[MCPEER_TEXT_SECONDS_MAX];
	int behind = ms % 1000 ? 0 : 1;

	if (ms == MCPEER_CLIENT_NONE) {
		mcpeer_json_null(to, key);
		return;
	}
	begin_value(to, key);
	mcpeer_buffer_add(to, digits,
			  mcpeer_text_seconds(digits, ms, behind) - digits);
}

/**
 * mcpeer_json_print_line - write a value to stdout, as a line
 * @line: the value; it is consumed
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_json_print_line(struct mcpeer_buffer *line)
{
	int err;

	mcpeer_buffer_add_byte(line, '\n', 1);
	err = mcpeer_buffer_print(line);
	mcpeer_buffer_free(line);
	return err;
}
