// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>

#include "attr.h"

static bool has_form(const struct nlattr *attr, enum mcpeer_attr_form form)
{
	const char *data = mcpeer_attr_data(attr);
	int len = mcpeer_attr_len(attr);

	switch (form) {
	case MCPEER_ATTR_TEXT:
		return len > 0 && !data[len - 1];
	case MCPEER_ATTR_U32:
		return len >= (int)sizeof(uint32_t);
	case MCPEER_ATTR_U64:
		return len >= (int)sizeof(uint64_t);
	default:
		return true;
	}
}

/**
 * mcpeer_attr_parse - sort attributes by their types
 * @table: set for each type: the last attribute of that type, or NULL
 * @max: the largest type; those beyond are passed over
 * @attrs: the attributes
 * @len: bytes that they take
 * @forms: enum mcpeer_attr_form for each type
 *
 * Return: 0, or -EBADMSG if one is not of its form.
 */
int mcpeer_attr_parse(const struct nlattr **table, int max, const void *attrs,
		      int len, const uint8_t *forms)
{
	const char *end = (const char *)attrs + len;
	const struct nlattr *attr;

	memset(table, 0, (max + 1) * sizeof(*table));
	for (attr = mcpeer_attr_first(attrs, len); attr;
	     attr = mcpeer_attr_next(attr, end)) {
		int type = mcpeer_attr_type(attr);

		if (type > max)
			continue;
		if (!has_form(attr, forms[type]))
			return -EBADMSG;
		table[type] = attr;
	}
	return 0;
}

/**
 * mcpeer_attr_parse_nested - sort the attributes within another one
 * @table: as in mcpeer_attr_parse()
 * @max: the same
 * @attr: the one that holds them
 * @forms: as in mcpeer_attr_parse()
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_attr_parse_nested(const struct nlattr **table, int max,
			     const struct nlattr *attr, const uint8_t *forms)
{
	return mcpeer_attr_parse(table, max, mcpeer_attr_data(attr),
				 mcpeer_attr_len(attr), forms);
}

/**
 * mcpeer_attr_parse_msg - sort the attributes of a message
 * @table: as in mcpeer_attr_parse()
 * @max: the same
 * @msg: of generic netlink
 * @forms: as in mcpeer_attr_parse()
 *
 * Return: 0 or -EBADMSG.
 */
int mcpeer_attr_parse_msg(const struct nlattr **table, int max,
			  const struct nlmsghdr *msg, const uint8_t *forms)
{
	int len = mcpeer_attr_msg_len(msg);

	if (len < 0)
		return -EBADMSG;
	return mcpeer_attr_parse(table, max, mcpeer_attr_msg_data(msg), len,
				 forms);
}
