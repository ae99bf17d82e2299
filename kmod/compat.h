/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only file that knows kernel versions. Written against mainline; what
 * the oldest supported kernel (6.1.158) lacks or does otherwise is made up
 * for here. Features are tested for where that is possible, since stable
 * series and distributions carry changes back.
 */
#ifndef MCPEER_COMPAT_H
#define MCPEER_COMPAT_H

#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <net/genetlink.h>
#include <net/udp_tunnel.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 158)
#error "mcpeer needs Linux 6.1.158 or later (timer_shutdown)"
#endif

/* Linux 6.16 renamed from_timer(). */
#ifndef timer_container_of
#define timer_container_of(var, timer, field)				\
	container_of(timer, typeof(*(var)), field)
#endif

/*
 * Linux 7.1.5 and 7.2 pass a struct sock where a struct socket was passed
 * before. Both branches of _Generic must compile, hence the two helpers that
 * take whatever they are given.
 */
#define mcpeer_compat_tunnel_arg(fn_type, sock)				\
	_Generic((fn_type),						\
		 void (*)(struct net *, struct sock *,			\
			  struct udp_tunnel_sock_cfg *): (sock)->sk,	\
		 default: (sock))

static inline void mcpeer_compat_setup_tunnel(struct net *net,
					      struct socket *sock,
					      struct udp_tunnel_sock_cfg *cfg)
{
	setup_udp_tunnel_sock(net,
			      mcpeer_compat_tunnel_arg(&setup_udp_tunnel_sock,
						       sock), cfg);
}

static inline void mcpeer_compat_release_tunnel(struct socket *sock)
{
	udp_tunnel_sock_release(mcpeer_compat_tunnel_arg(&setup_udp_tunnel_sock,
							 sock));
}

/* Linux 6.6 moved the attributes of a dump request into its genl_info. */
static inline struct nlattr **
mcpeer_compat_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_dumpit_info(cb)->info.attrs;
#endif
}

/*
 * A slab cache that is merged with no other of its size, such as that of
 * credentials, as it is hosts of the LAN that fill it. Linux 6.5 has a flag for
 * that; before, one of which a part may be copied to user space is not merged.
 * Nothing is.
 */
static inline struct kmem_cache *
mcpeer_compat_cache(const char *name, size_t size, slab_flags_t flags)
{
#ifdef SLAB_NO_MERGE
	return kmem_cache_create(name, size, 0, flags | SLAB_NO_MERGE, NULL);
#else
	return kmem_cache_create_usercopy(name, size, 0, flags, size - 1, 1,
					  NULL);
#endif
}

#endif /* MCPEER_COMPAT_H */
