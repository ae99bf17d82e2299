// SPDX-License-Identifier: GPL-2.0
#include <linux/glob.h>
#include <linux/mcpeer.h>
#include "pattern.h"

/* Takes the first pattern off the rest. */
static struct mcpeer_text mcpeer_pattern_next(struct mcpeer_text *rest)
{
	const char *comma = memchr(rest->at, ',', rest->len);
	struct mcpeer_text first = { rest->at, rest->len };

	if (comma)
		first.len = comma - rest->at;
	rest->at += first.len + !!comma;
	rest->len -= first.len + !!comma;
	return first;
}

/* Takes the ! off a pattern that excludes. */
static bool mcpeer_pattern_excludes(struct mcpeer_text *pattern)
{
	if (!pattern->len || pattern->at[0] != '!')
		return false;
	pattern->at++;
	pattern->len--;
	return true;
}

/*
 * Where the set that begins at @at ends, at its ], 0 if nowhere. A ] that
 * comes first, or behind the ! of a set that is turned round, belongs to it.
 */
static unsigned int mcpeer_pattern_set_end(struct mcpeer_text pattern,
					   unsigned int at)
{
	at++;
	if (at < pattern.len && pattern.at[at] == '!')
		at++;
	for (at++; at < pattern.len; at++)
		if (pattern.at[at] == ']')
			return at;
	return 0;
}

/* glob_match() takes a [ without a ] for itself, and a \ at the end as well. */
static bool mcpeer_pattern_is_glob(struct mcpeer_text pattern)
{
	unsigned int i;

	for (i = 0; i < pattern.len; i++) {
		if (pattern.at[i] == '\\') {
			if (++i == pattern.len)
				return false;
		} else if (pattern.at[i] == '[') {
			i = mcpeer_pattern_set_end(pattern, i);
			if (!i)
				return false;
		}
	}
	return pattern.len;
}

/**
 * mcpeer_pattern_is_valid - are these patterns?
 * @patterns: what to look at; empty text passes
 *
 * Context: Any.
 * Return: true for at most MCPEER_PATTERNS_MAX bytes of printable ASCII without
 * space that hold no empty pattern and none with an open set.
 */
bool mcpeer_pattern_is_valid(struct mcpeer_text patterns)
{
	struct mcpeer_text pattern;

	if (!patterns.len)
		return true;
	if (patterns.len > MCPEER_PATTERNS_MAX ||
	    !mcpeer_text_is_graphic(patterns) ||
	    patterns.at[patterns.len - 1] == ',')
		return false;
	while (patterns.len) {
		pattern = mcpeer_pattern_next(&patterns);
		mcpeer_pattern_excludes(&pattern);
		if (!mcpeer_pattern_is_glob(pattern))
			return false;
	}
	return true;
}

static bool mcpeer_pattern_fits(struct mcpeer_text pattern, const char *name)
{
	char glob[MCPEER_PATTERNS_MAX + 1];

	memcpy(glob, pattern.at, pattern.len);
	glob[pattern.len] = '\0';
	return glob_match(glob, name);
}

/**
 * mcpeer_pattern_match - do the patterns choose this name?
 * @patterns: valid patterns
 * @name: name of an interface
 * @otherwise: what holds for a name that none excludes if none includes
 *
 * Context: Any.
 * Return: true if they do.
 */
bool mcpeer_pattern_match(struct mcpeer_text patterns, const char *name,
			  bool otherwise)
{
	bool included = false, includes = false;
	struct mcpeer_text pattern;

	while (patterns.len) {
		pattern = mcpeer_pattern_next(&patterns);
		if (mcpeer_pattern_excludes(&pattern)) {
			if (mcpeer_pattern_fits(pattern, name))
				return false;
		} else {
			includes = true;
			included = included ||
				   mcpeer_pattern_fits(pattern, name);
		}
	}
	return includes ? included : otherwise;
}
