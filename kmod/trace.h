/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints, in place of debug messages: under events/mcpeer in tracefs.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mcpeer

#if !defined(MCPEER_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MCPEER_TRACE_H

#include <linux/tracepoint.h>
#include "attrs.h"

/* What became of a datagram: verdict is the counter, MCPEER_A_STATS_. */
TRACE_EVENT(mcpeer_receive,
	TP_PROTO(const struct mcpeer_place *from, unsigned int len,
		 unsigned int verdict),
	TP_ARGS(from, len, verdict),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__array(u8, saddr, sizeof(struct sockaddr_in6))
		__field(unsigned int, len)
		__field(unsigned int, verdict)
	),
	TP_fast_assign(
		__entry->ifindex = from->ifindex;
		mcpeer_addr_sockaddr(&from->addr, __entry->saddr);
		__entry->len = len;
		__entry->verdict = verdict;
	),
	TP_printk("ifindex=%d saddr=%pISc len=%u verdict=%u",
		  __entry->ifindex, __entry->saddr, __entry->len,
		  __entry->verdict)
);

TRACE_EVENT(mcpeer_event,
	TP_PROTO(u64 seq, u32 type, const struct mcpeer_peer_info *peer),
	TP_ARGS(seq, type, peer),
	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u32, type)
		__field(u64, silent)
		__array(char, name, MCPEER_NAME_MAX + 1)
	),
	TP_fast_assign(
		__entry->seq = seq;
		__entry->type = type;
		__entry->silent = peer->path[0].silent;
		memcpy(__entry->name, peer->name.at, peer->name.len);
		__entry->name[peer->name.len] = '\0';
	),
	TP_printk("seq=%llu type=%s silent=%llu name=%s",
		  __entry->seq,
		  __print_symbolic(__entry->type,
				   { MCPEER_EVENT_TYPE_JOIN, "join" },
				   { MCPEER_EVENT_TYPE_UPDATE, "update" },
				   { MCPEER_EVENT_TYPE_EXPIRE, "expire" },
				   { MCPEER_EVENT_TYPE_LEAVE, "leave" },
				   { MCPEER_EVENT_TYPE_CONFLICT, "conflict" },
				   { MCPEER_EVENT_TYPE_CONFLICT_END,
				     "conflict-end" },
				   { MCPEER_EVENT_TYPE_TABLE_FULL,
				     "table-full" },
				   { MCPEER_EVENT_TYPE_TABLE_FULL_END,
				     "table-full-end" },
				   { MCPEER_EVENT_TYPE_DEAF, "deaf" },
				   { MCPEER_EVENT_TYPE_RECOVERED,
				     "recovered" }),
		  __entry->silent, __entry->name)
);

TRACE_EVENT(mcpeer_announce,
	TP_PROTO(int family, int ifindex, unsigned int len, int err),
	TP_ARGS(family, ifindex, len, err),
	TP_STRUCT__entry(
		__field(int, family)
		__field(int, ifindex)
		__field(unsigned int, len)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->family = family;
		__entry->ifindex = ifindex;
		__entry->len = len;
		__entry->err = err;
	),
	TP_printk("family=%s ifindex=%d len=%u err=%d",
		  __print_symbolic(__entry->family,
				   { AF_INET, "inet" }, { AF_INET6, "inet6" }),
		  __entry->ifindex, __entry->len, __entry->err)
);

#endif /* MCPEER_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
