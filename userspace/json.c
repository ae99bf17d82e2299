// SPDX-License-Identifier: GPL-2.0
/* Values of ours as JSON. Without memory a value is NULL, and so on upwards. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "json.h"
#include "text.h"

/* What stands for bytes that are no characters. */
#define REPLACEMENT	"\xef\xbf\xbd"

/* As many digits as a double holds for sure: 0.1 stays 0.1. */
#define REAL_DIGITS	15

static json_t *repaired_text(const char *text)
{
	char *repaired = malloc(strlen(text) * strlen(REPLACEMENT) + 1);
	char *to = repaired;
	json_t *value;

	if (!repaired)
		return NULL;
	while (*text) {
		uint32_t code;
		size_t len = mcpeer_text_decode(text, &code);

		to = len ? mempcpy(to, text, len) : stpcpy(to, REPLACEMENT);
		text += len ? len : 1;
	}
	*to = '\0';
	value = json_string(repaired);
	free(repaired);
	return value;
}

/**
 * mcpeer_json_text - a text
 * @text: any bytes, or NULL
 *
 * Return: a string, in which bytes that are not UTF-8 are replaced, or null.
 */
json_t *mcpeer_json_text(const char *text)
{
	json_t *value;

	if (!text)
		return json_null();
	value = json_string(text);
	return value ? value : repaired_text(text);
}

/**
 * mcpeer_json_word - a word
 * @word: a word, or an empty one
 *
 * Return: a string or null.
 */
json_t *mcpeer_json_word(const struct mcpeer_word *word)
{
	return mcpeer_json_text(*word->text ? word->text : NULL);
}

/**
 * mcpeer_json_number - a number
 * @number: a number, or MCPEER_CLIENT_NONE
 *
 * Return: an integer or null.
 */
json_t *mcpeer_json_number(uint64_t number)
{
	if (number == MCPEER_CLIENT_NONE)
		return json_null();
	return json_integer(number);
}

/**
 * mcpeer_json_seconds - a time
 * @ms: milliseconds, or MCPEER_CLIENT_NONE
 *
 * Return: seconds, or null.
 */
json_t *mcpeer_json_seconds(uint64_t ms)
{
	if (ms == MCPEER_CLIENT_NONE)
		return json_null();
	return json_real(ms / 1000.0);
}

/**
 * mcpeer_json_object - an object
 * @key: its first key, followed by the value, the next key and so on, ended
 *	by a key of NULL; the values are consumed
 *
 * Return: an object.
 */
json_t *mcpeer_json_object(const char *key, ...)
{
	json_t *object = json_object();
	bool failed = !object;
	va_list args;

	va_start(args, key);
	for (; key; key = va_arg(args, const char *))
		failed |= json_object_set_new(object, key,
					      va_arg(args, json_t *));
	va_end(args);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

/* DEL is plain ASCII to jansson, but not to a terminal. */
static int write_harmless(const char *text, size_t size, void *arg)
{
	const char *del;

	(void)arg;
	while ((del = memchr(text, '\x7f', size))) {
		fwrite(text, 1, del - text, stdout);
		fputs("\\u007F", stdout);
		size -= del + 1 - text;
		text = del + 1;
	}
	return fwrite(text, 1, size, stdout) == size ? 0 : -1;
}

/**
 * mcpeer_json_print - write a value to stdout
 * @value: the value; it is consumed
 *
 * All that is not printable ASCII is escaped, so that no terminal is ever at
 * its mercy.
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_json_print(json_t *value)
{
	int err;

	if (!value)
		return -ENOMEM;
	errno = 0;
	err = json_dump_callback(value, write_harmless, NULL,
				 JSON_COMPACT | JSON_ENSURE_ASCII |
				 JSON_REAL_PRECISION(REAL_DIGITS));
	json_decref(value);
	if (!err)
		return 0;
	return errno ? -errno : -EIO;
}

/**
 * mcpeer_json_print_line - write a value to stdout, as a line
 * @value: the value; it is consumed
 *
 * Return: 0 or a negative error number.
 */
int mcpeer_json_print_line(json_t *value)
{
	int err = mcpeer_json_print(value);

	putchar('\n');
	return err;
}
