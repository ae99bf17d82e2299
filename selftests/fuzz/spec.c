// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "request.h"

static unsigned int look_up(const char *const *words, size_t count,
			    const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return i;
	fprintf(stderr, "unknown word '%s'\n", word);
	exit(2);
}

/**
 * spec_read - read the specification
 * @spec: the family
 * @from: lines "op NUMBER ADMIN DO DUMP ALL_FLAGS" and, for the operation
 *	before, "attr NUMBER TYPE LEAST MOST ABOUT"
 *
 * The number of the family is not known yet.
 */
void spec_read(struct spec *spec, FILE *from)
{
	static const char *const types[] = {
		"string", "binary", "u32", "u64", "flag",
	};
	static const char *const abouts[] = {
		"anything", "peer", "group", "host", "prefix", "value",
		"patterns", "targets", "address", "address6",
	};
	char line[128], type[16], about[16];
	unsigned int number, a, b, c, d;
	unsigned long long least, most;

	memset(spec, 0, sizeof(*spec));
	while (fgets(line, sizeof(line), from)) {
		struct op_spec *op = spec->ops + spec->op_count;

		if (sscanf(line, "op %u %u %u %u %u", &number, &a, &b, &c,
			   &d) == 5 && spec->op_count < OPS_MAX) {
			*op = (struct op_spec) {
				.number = number,
				.admin = a,
				.can_do = b,
				.can_dump = c,
				.all_flags = d,
			};
			spec->op_count++;
		} else if (sscanf(line, "attr %u %15s %llu %llu %15s", &number,
				  type, &least, &most, about) == 5 &&
			   spec->op_count &&
			   (--op)->attr_count < ATTRS_MAX) {
			op->attrs[op->attr_count++] = (struct attr_spec) {
				.number = number,
				.type = look_up(types, ARRAY_SIZE(types),
						type),
				.least = least,
				.most = most,
				.about = look_up(abouts, ARRAY_SIZE(abouts),
						 about),
			};
		} else {
			fprintf(stderr, "cannot read '%s'\n", line);
			exit(2);
		}
	}
}
