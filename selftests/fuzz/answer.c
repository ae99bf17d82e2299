// SPDX-License-Identifier: GPL-2.0
/*
 * libFuzzer harness for what the command makes of the kernel's answers:
 * decode.c, extack.c, print*.c. Whatever the message, nothing outside of it
 * is read, and what is printed is fit for where it goes.
 *
 * An input is a byte that says what message it is and how it is printed, and
 * the message's attributes. In front of the attributes of an error or of the
 * end of a dump there are the attributes of the request, and their length in
 * a byte.
 */
#include <jansson.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "check.h"
#include "decode.h"
#include "extack.h"
#include "fit.h"
#include "peer_list.h"
#include "print.h"
#include "text.h"

enum kind {
	PEER,
	PEERS,
	EVENT,
	GROUP,
	STATS,
	JOURNAL,
	REFUSAL,
	DUMP_END,
	KINDS
};

#define KIND_MASK	0x07
#define AS_JSON		0x08
#define ON_TERMINAL	0x10
#define WITH_GROUP	0x20
#define CAPPED		0x40

/* A message of exactly its size: a header, a fixed part, attributes. */
static struct nlmsghdr *message(const void *fixed, size_t fixed_len,
				const uint8_t *attrs, size_t len,
				struct exact *room)
{
	struct nlmsghdr *msg;

	*room = exact_room(NLMSG_HDRLEN + fixed_len + len);
	msg = (struct nlmsghdr *)room->at;
	memset(msg, 0, sizeof(*msg));
	msg->nlmsg_len = NLMSG_HDRLEN + fixed_len + len;
	msg->nlmsg_type = 0x20;
	memcpy(NLMSG_DATA(msg), fixed, fixed_len);
	if (len)
		memcpy((char *)NLMSG_DATA(msg) + fixed_len, attrs, len);
	return msg;
}

static void print_answer(const struct mcpeer_context *context,
			 enum kind kind, struct nlmsghdr *msg)
{
	struct mcpeer_interface_info *interfaces = NULL;
	struct mcpeer_path_info paths[MCPEER_PATHS_MAX];
	struct mcpeer_peer_list list = { .context = context };
	struct mcpeer_journal_info journal;
	struct mcpeer_group_info groups[2];
	struct mcpeer_event_info event;
	struct mcpeer_peer_info peer;

	switch (kind) {
	case PEER:
		if (!mcpeer_decode_peer(msg, &peer, paths))
			mcpeer_print_peer(context, &peer);
		break;
	case PEERS:
		mcpeer_peer_list_clear(&list);
		if (!mcpeer_decode_peer(msg, &peer, paths)) {
			check(!mcpeer_peer_list_add(&list, &peer));
			check(!mcpeer_peer_list_add(&list, &peer));
		}
		check(!mcpeer_peer_list_print(&list, true));
		mcpeer_peer_list_free(&list);
		break;
	case EVENT:
		if (!mcpeer_decode_event(msg, &event, paths))
			mcpeer_print_event(context, &event);
		break;
	case GROUP:
	case STATS:
		if (mcpeer_decode_group(msg, &groups[0]))
			break;
		if (!mcpeer_decode_interfaces(msg, &interfaces,
					      &groups[0].interface_count)) {
			groups[0].interfaces = interfaces;
			groups[1] = groups[0];
			if (kind == GROUP)
				mcpeer_print_group(context, groups);
			else
				mcpeer_print_stats(context, groups);
			mcpeer_print_groups(context, groups, 1);
			mcpeer_print_whole_groups(context, groups, 2);
		}
		free(interfaces);
		break;
	default:
		mcpeer_decode_journal(msg, &journal);
		break;
	}
}

/* Each line of JSON is a value of its own. */
static void check_json(const char *text, size_t len)
{
	const char *end;

	check(fit_json(text, len));
	while (len) {
		json_t *value;

		end = memchr(text, '\n', len);
		check(end);
		/* JSON has numbers beyond jansson's integers. */
		value = json_loadb(text, end - text, JSON_DECODE_ANY |
				   JSON_DECODE_INT_AS_REAL, NULL);
		check(value);
		json_decref(value);
		len -= end + 1 - text;
		text = end + 1;
	}
}

static void answers(uint8_t how, const uint8_t *attrs, size_t size)
{
	const struct genlmsghdr genl = { .cmd = 1 };
	const struct mcpeer_context context = {
		.group = how & WITH_GROUP ? "default" : NULL,
		.json = how & AS_JSON,
		.terminal = how & ON_TERMINAL,
	};
	FILE *real = stdout;
	struct nlmsghdr *msg;
	char *text = NULL;
	struct exact room;
	size_t len = 0;

	msg = message(&genl, sizeof(genl), attrs, size, &room);
	stdout = open_memstream(&text, &len);
	check(stdout);
	print_answer(&context, how & KIND_MASK, msg);
	check(!fclose(stdout));
	stdout = real;

	if (context.json)
		check_json(text, len);
	else
		check(fit_text(text, len));
	free(text);
	free(room.start);
}

static void sentences(uint8_t how, const uint8_t *data, size_t size)
{
	char sentence[256], escaped[MCPEER_TEXT_ESCAPED(sizeof(sentence))];
	const struct genlmsghdr genl = { .cmd = 1 + how / CAPPED };
	struct exact request_room, answer_room;
	struct nlmsghdr *request, *answer;
	struct nlmsgerr error = { .error = -22 };
	size_t request_len;
	int code = -22;

	if (!size)
		return;
	request_len = data[0] < size ? data[0] : size - 1;
	request = message(&genl, sizeof(genl), data + 1, request_len,
			  &request_room);
	data += 1 + request_len;
	size -= 1 + request_len;
	error.msg = *request;
	if ((how & KIND_MASK) == REFUSAL) {
		answer = message(&error, sizeof(error), data, size,
				 &answer_room);
		answer->nlmsg_flags = NLM_F_ACK_TLVS |
				      (how & CAPPED ? NLM_F_CAPPED : 0);
		mcpeer_extack_read_error(answer, request, sentence,
					 sizeof(sentence));
	} else {
		answer = message(&code, sizeof(code), data, size,
				 &answer_room);
		answer->nlmsg_flags = NLM_F_ACK_TLVS;
		check(mcpeer_extack_read_done(answer, request, sentence,
					      sizeof(sentence)) == code);
	}
	check(strlen(sentence) < sizeof(sentence));
	mcpeer_text_escape(escaped, sizeof(escaped), sentence);
	check(fit_text(escaped, strlen(escaped)));
	free(request_room.start);
	free(answer_room.start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if ((data[0] & KIND_MASK) < REFUSAL)
		answers(data[0], data + 1, size - 1);
	else
		sentences(data[0], data + 1, size - 1);
	return 0;
}
