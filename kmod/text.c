// SPDX-License-Identifier: GPL-2.0
#include "text.h"

/* A byte eight times. */
#define MCPEER_TEXT_EACH(byte)	(0x0101010101010101ULL * (byte))

/*
 * Eight bytes at once: a byte has its highest bit set, or gets it if it is
 * less than 0x21 or more than 0x7e. What a byte borrows from the next, or
 * carries over to it, it does only if it is one of those.
 */
static bool mcpeer_text_word_is_graphic(unsigned long long word)
{
	return !((word | (word - MCPEER_TEXT_EACH(0x21)) |
		  (word + MCPEER_TEXT_EACH(0x01))) & MCPEER_TEXT_EACH(0x80));
}

/**
 * mcpeer_text_is_graphic - is each byte printable ASCII other than space?
 * @text: what to look at; empty text passes
 *
 * Names, prefixes and group names are of such bytes: nothing that a terminal,
 * a shell or a log would take for anything but a letter.
 *
 * Context: Any.
 * Return: true if all bytes are within 0x21 to 0x7e.
 */
bool mcpeer_text_is_graphic(struct mcpeer_text text)
{
	const unsigned int size = sizeof(unsigned long long);
	unsigned int i, last;

	if (text.len < size) {
		for (i = 0; i < text.len; i++)
			if (text.at[i] < 0x21 || text.at[i] > 0x7e)
				return false;
		return true;
	}
	last = text.len - size;
	for (i = 0; i < last; i += size)
		if (!mcpeer_text_word_is_graphic(mcpeer_text_word(text.at + i)))
			return false;
	return mcpeer_text_word_is_graphic(mcpeer_text_word(text.at + last));
}

/*
 * How many bytes the UTF-8 sequence at @at has, 0 if it is none. The bounds
 * of the second byte exclude overlong forms, surrogates and code points above
 * U+10FFFF (Unicode 15, table 3-7).
 */
static unsigned int mcpeer_text_sequence(const unsigned char *at,
					 unsigned int left)
{
	unsigned char lowest = 0x80, highest = 0xbf;
	unsigned int len, i;

	if (at[0] >= 0x01 && at[0] <= 0x7f)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		len = 2;
	else if (at[0] >= 0xe0 && at[0] <= 0xef)
		len = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		len = 4;
	else
		return 0;

	if (at[0] == 0xe0)
		lowest = 0xa0;
	else if (at[0] == 0xed)
		highest = 0x9f;
	else if (at[0] == 0xf0)
		lowest = 0x90;
	else if (at[0] == 0xf4)
		highest = 0x8f;

	if (left < len || at[1] < lowest || at[1] > highest)
		return 0;
	for (i = 2; i < len; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	return len;
}

/**
 * mcpeer_text_is_utf8 - is it well-formed UTF-8 without NUL?
 * @text: what to look at; empty text passes
 *
 * Context: Any.
 * Return: true if it is.
 */
bool mcpeer_text_is_utf8(struct mcpeer_text text)
{
	const unsigned char *at = (const unsigned char *)text.at;
	unsigned int done = 0, len;

	while (done < text.len) {
		len = mcpeer_text_sequence(at + done, text.len - done);
		if (!len)
			return false;
		done += len;
	}
	return true;
}
