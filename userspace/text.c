// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers and seconds as people write them, and text of unknown origin made
 * fit for a terminal.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "compiler.h"
#include "text.h"

#define MS_PER_SECOND	1000

/* Reads digits up to the first other byte, where it leaves *text. */
static bool parse_digits(const char **text, uint64_t max, uint64_t *value)
{
	const char *at = *text;
	uint64_t sum = 0;

	if (!isdigit((unsigned char)*at))
		return false;
	for (; isdigit((unsigned char)*at); at++) {
		unsigned int digit = *at - '0';

		if (sum > max / 10 || sum * 10 > max - digit)
			return false;
		sum = sum * 10 + digit;
	}
	*text = at;
	*value = sum;
	return true;
}

/**
 * mcpeer_text_parse_number - read a decimal number
 * @text: digits and nothing else
 * @max: largest number that will do, at least 9
 * @value: the number
 *
 * Return: whether @text is such a number.
 */
bool mcpeer_text_parse_number(const char *text, uint64_t max, uint64_t *value)
{
	return parse_digits(&text, max, value) && !*text;
}

/**
 * mcpeer_text_parse_seconds - read seconds, exactly
 * @text: digits, and if need be a point and one to three more digits
 * @ms: the same in milliseconds
 *
 * Return: whether @text is such a number and fits.
 */
bool mcpeer_text_parse_seconds(const char *text, uint32_t *ms)
{
	unsigned int scale = MS_PER_SECOND / 10;
	uint64_t sum;

	if (!parse_digits(&text, UINT32_MAX / MS_PER_SECOND, &sum))
		return false;
	sum *= MS_PER_SECOND;

	if (*text == '.') {
		text++;
		do {
			if (!isdigit((unsigned char)*text) || !scale)
				return false;
			sum += (*text - '0') * scale;
			scale /= 10;
		} while (*++text);
	}
	if (*text || sum > UINT32_MAX)
		return false;
	*ms = sum;
	return true;
}

/**
 * mcpeer_text_number - write a number
 * @dst: where to, MCPEER_TEXT_NUMBER_MAX bytes
 * @number: the number
 *
 * Lists are full of them, and printf() takes ten times as long.
 *
 * Return: the NUL at its end.
 */
char *mcpeer_text_number(char *dst, uint64_t number)
{
	char *end = dst + 1;

	for (uint64_t rest = number; rest >= 10; rest /= 10)
		end++;
	*end = '\0';
	for (char *at = end; at > dst; number /= 10)
		*--at = '0' + number % 10;
	return end;
}

/**
 * mcpeer_text_seconds - write milliseconds as seconds
 * @dst: where to, MCPEER_TEXT_SECONDS_MAX bytes
 * @ms: milliseconds
 * @digits: how many digits behind the point, 1 to 3; what is beyond is cut
 *	off, not rounded. 0 for as many as it takes.
 *
 * Return: the NUL at its end.
 */
char *mcpeer_text_seconds(char *dst, uint64_t ms, int digits)
{
	unsigned int rest = ms % MS_PER_SECOND;
	unsigned int unit = MS_PER_SECOND / 10;

	if (!digits && rest)
		digits = rest % 10 ? 3 : rest % 100 ? 2 : 1;
	dst = mcpeer_text_number(dst, ms / MS_PER_SECOND);
	if (digits)
		*dst++ = '.';
	while (digits--) {
		*dst++ = '0' + rest / unit;
		rest %= unit;
		unit /= 10;
	}
	*dst = '\0';
	return dst;
}

/**
 * mcpeer_text_decode - take one character off a UTF-8 text
 * @text: the text, not at its end
 * @code: the character's number
 *
 * Return: how many bytes it takes, 0 if they are no valid UTF-8.
 */
size_t mcpeer_text_decode(const char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char byte = *text;
	size_t len, i;

	if (byte < 0x80) {
		*code = byte;
		return 1;
	}
	if ((byte & 0xe0) == 0xc0)
		len = 2;
	else if ((byte & 0xf0) == 0xe0)
		len = 3;
	else if ((byte & 0xf8) == 0xf0)
		len = 4;
	else
		return 0;

	*code = byte & (0x7f >> len);
	for (i = 1; i < len; i++) {
		/* The NUL at the end is no continuation either. */
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return len;
}

/*
 * Characters that steer a terminal, turn the direction of writing, or cannot
 * be seen: with them one text can be made to look like another.
 */
static bool is_deceptive(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0000, 0x001f },	/* C0 controls */
		{ 0x007f, 0x009f },	/* delete, C1 controls */
		{ 0x00ad, 0x00ad },	/* soft hyphen */
		{ 0x034f, 0x034f },	/* combining grapheme joiner */
		{ 0x061c, 0x061c },	/* Arabic letter mark */
		{ 0x115f, 0x1160 },	/* Hangul fillers */
		{ 0x17b4, 0x17b5 },	/* Khmer inherent vowels */
		{ 0x180b, 0x180f },	/* Mongolian selectors */
		{ 0x200b, 0x200f },	/* zero width, direction marks */
		{ 0x2028, 0x202e },	/* separators, embeddings */
		{ 0x2060, 0x206f },	/* joiner, isolates */
		{ 0x3164, 0x3164 },	/* Hangul filler */
		{ 0xfe00, 0xfe0f },	/* variation selectors */
		{ 0xfeff, 0xfeff },	/* byte order mark */
		{ 0xffa0, 0xffa0 },	/* Hangul filler */
		{ 0xfff0, 0xfffb },	/* interlinear annotation */
		{ 0xfffe, 0xffff },	/* no characters */
		{ 0x1bca0, 0x1bca3 },	/* shorthand format controls */
		{ 0x1d173, 0x1d17a },	/* musical format controls */
		{ 0xe0000, 0x10ffff },	/* tags, selectors, private use */
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/**
 * mcpeer_text_escape - make a text fit for a terminal
 * @dst: where to
 * @size: of @dst, at least 1; what does not fit is left out
 * @text: any bytes
 *
 * Valid UTF-8 that can be seen stays as it is, any other byte becomes \xNN.
 *
 * Return: @dst.
 */
char *mcpeer_text_escape(char *dst, size_t size, const char *text)
{
	const char *end = dst + size - 1;
	char *to = dst;

	while (*text) {
		uint32_t code = 0;
		size_t len;

		/* Most texts are nothing but this. */
		while (*text >= ' ' && *text <= '~' && to < end)
			*to++ = *text++;
		if (!*text || to == end)
			break;
		len = mcpeer_text_decode(text, &code);
		if (len && !is_deceptive(code)) {
			if ((size_t)(end - to) < len)
				break;
			to = mempcpy(to, text, len);
			text += len;
			continue;
		}
		for (len = len ? len : 1; len; len--, text++, to += 4) {
			if (end - to < 4)
				goto out;
			sprintf(to, "\\x%02x", (unsigned char)*text);
		}
	}
out:
	*to = '\0';
	return dst;
}
