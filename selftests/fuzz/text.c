// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer harness for userspace/text.c and json.c: whatever the bytes, what
 * is made of them is fit for a terminal, tells what it was made of, and comes
 * back from JSON; kernel and command agree on what UTF-8 is.
 *
 * An input is the text itself.
 */
#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>

#include "check.h"
#include "fit.h"
#include "json.h"
#include "kernel.h"
#include "text.h"

/* Undoes the escapes; what looks like one but was typed is undone as well. */
static size_t unescape(char *dst, const char *text)
{
	char *to = dst;
	int byte, used;

	while (*text) {
		used = 0;
		if (text[0] == '\\' && text[1] == 'x' &&
		    isxdigit((unsigned char)text[2]) &&
		    sscanf(text + 2, "%2x%n", &byte, &used) == 1 && used == 2) {
			*to++ = byte;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
	return to - dst;
}

/* Room for all of it, and too little room. */
static void escapes(const char *text, size_t len)
{
	size_t size = MCPEER_TEXT_ESCAPED(len), part = len / 2 + 1;
	struct exact whole = exact_room(size), small = exact_room(part);
	char *back = malloc(size);

	check(back);
	check(mcpeer_text_escape(whole.at, size, text) == whole.at);
	check(fit_text(whole.at, strlen(whole.at)));
	check(!strchr(whole.at, '\n'));
	if (!strstr(text, "\\x")) {
		check(unescape(back, whole.at) == len);
		check(!strcmp(back, text));
	}

	mcpeer_text_escape(small.at, part, text);
	check(strlen(small.at) < part);
	check(!strncmp(small.at, whole.at, strlen(small.at)));
	check(fit_text(small.at, strlen(small.at)));
	free(back);
	free(small.start);
	free(whole.start);
}

static bool decodes(const char *text)
{
	uint32_t code;
	size_t len;

	while (*text) {
		len = mcpeer_text_decode(text, &code);
		if (!len)
			return false;
		check(code && code <= 0x10ffff);
		check(len == 1u + (code > 0x7f) + (code > 0x7ff) +
			     (code > 0xffff));
		text += len;
	}
	return true;
}

/* What the command takes for UTF-8, the kernel and jansson do too. */
static bool is_utf8(const char *text, size_t len)
{
	struct exact bytes = exact_copy(text, len);
	struct mcpeer_text kernels = { bytes.at, len };
	bool valid = decodes(text);

	check(mcpeer_text_is_utf8(kernels) == valid);
	check(fit_utf8(text, len) == valid);
	free(bytes.start);
	return valid;
}

/* What json.c writes to stdout. */
static char *printed(struct mcpeer_buffer *value, size_t *len)
{
	FILE *real = stdout;
	char *text = NULL;

	stdout = open_memstream(&text, len);
	check(stdout);
	check(!mcpeer_json_print_line(value));
	check(!fclose(stdout));
	stdout = real;
	return text;
}

static void comes_back_from_json(const char *text, bool valid)
{
	struct mcpeer_buffer written = { .bytes = NULL };
	json_t *object, *value;
	char *line;
	size_t len;

	mcpeer_json_begin_object(&written, NULL);
	mcpeer_json_text(&written, "text", text);
	mcpeer_json_end_object(&written);
	line = printed(&written, &len);
	check(fit_json(line, len));
	check(strchr(line, '\n') == line + len - 1);

	object = json_loadb(line, len, 0, NULL);
	value = json_object_get(object, "text");
	check(json_is_string(value));
	if (valid)
		check(!strcmp(json_string_value(value), text));
	json_decref(object);
	free(line);
}

static void numbers(const char *text)
{
	char written[32];
	uint64_t number;
	uint32_t ms;

	if (mcpeer_text_parse_number(text, UINT64_MAX, &number)) {
		check(*mcpeer_text_number(written, number) == '\0');
		check(!strcmp(written, text + strspn(text, "0")) || !number);
	}
	if (mcpeer_text_parse_number(text, 255, &number))
		check(number <= 255);
	if (mcpeer_text_parse_seconds(text, &ms)) {
		uint32_t again;

		mcpeer_text_seconds(written, ms, 0);
		check(mcpeer_text_parse_seconds(written, &again));
		check(again == ms);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t len = strnlen((const char *)data, size);
	struct exact copy = exact_room(len + 1);
	bool valid;

	memcpy(copy.at, data, len);
	copy.at[len] = '\0';
	escapes(copy.at, len);
	valid = is_utf8(copy.at, len);
	comes_back_from_json(copy.at, valid);
	numbers(copy.at);
	free(copy.start);
	return 0;
}
