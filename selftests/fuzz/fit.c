// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <wctype.h>
#include <jansson.h>

#include "compiler.h"
#include "fit.h"

/* Does jansson, which has a decoder of its own, take it for UTF-8? */
bool fit_utf8(const char *text, size_t len)
{
	json_t *value = json_stringn(text, len);

	json_decref(value);
	return value;
}

/*
 * Unicode's Default_Ignorable_Code_Point, and what C, Zl and Zp have besides
 * that no terminal should be sent.
 */
static bool fit_character(uint32_t code)
{
	static const uint32_t unfit[][2] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad },
		{ 0x34f, 0x34f }, { 0x61c, 0x61c }, { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f },
		{ 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xd800, 0xdfff }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, UINT32_MAX },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unfit); i++)
		if (code >= unfit[i][0] && code <= unfit[i][1])
			return false;
	return true;
}

/* Takes a character off UTF-8 that is known to be well-formed. */
static uint32_t take_character(const char *text, size_t *at)
{
	unsigned char first = text[(*at)++];
	uint32_t code = first;

	if (first >= 0xf0)
		code &= 0x07;
	else if (first >= 0xe0)
		code &= 0x0f;
	else if (first >= 0xc0)
		code &= 0x1f;
	while (((unsigned char)text[*at] & 0xc0) == 0x80)
		code = code << 6 | ((unsigned char)text[(*at)++] & 0x3f);
	return code;
}

/* @text ends in NUL; its lines may end in \n. */
bool fit_text(const char *text, size_t len)
{
	size_t at = 0;

	if (!fit_utf8(text, len))
		return false;
	while (at < len) {
		uint32_t code = take_character(text, &at);

		if (code != '\n' && !fit_character(code))
			return false;
	}
	return true;
}

bool fit_json(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((text[i] < ' ' || text[i] > '~') && text[i] != '\n')
			return false;
	return true;
}
