/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rewriting a compiled filter: a head that lets the letter pass, and another
 * action where it said EPERM. Answering is the front's (broker/client_denied.c).
 */
#include "executor/jail/denied.h"

#include "executor/base/mem.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HEAD_MAX 16

/* user_msghdr is what the kernel sees; glibc's msghdr is laid out the same. */
void denied_prepare(struct denied_letter *l, int sock, const void *data,
		    size_t len)
{
	memset(l, 0, sizeof(*l));
	l->sock = sock;
	l->part = (struct iovec){ (void *)data, len };
	l->head.msg_iov = &l->part;
	l->head.msg_iovlen = 1;
	l->head.msg_control = &l->control;
	l->head.msg_controllen = sizeof(l->control);
	l->control.align.cmsg_level = SOL_SOCKET;
	l->control.align.cmsg_type = SCM_RIGHTS;
	l->control.align.cmsg_len = CMSG_LEN(sizeof(int));
	/* any of the flags that a local socket ignores */
	if (getrandom(&l->cookie, sizeof(l->cookie), 0) < 0)
		l->cookie = 0;
	l->cookie &= MSG_MORE | MSG_CONFIRM | MSG_PROXY | MSG_DONTROUTE |
		     MSG_WAITALL | MSG_FASTOPEN | MSG_CMSG_CLOEXEC;
	l->cookie |= MSG_NOSIGNAL;
}

static struct sock_filter load_arg(int arg, int high)
{
	/* both machines we know are little-endian: low word first */
	return (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS,
		(uint32_t)(offsetof(struct seccomp_data, args) +
			   (unsigned)arg * 8 + (high ? 4U : 0U)));
}

/* Five comparisons; any that fails goes on behind the head. */
static unsigned write_head(struct sock_filter *out,
			   const struct denied_letter *l)
{
	const uint64_t at = (uint64_t)(uintptr_t)&l->head;
	const uint32_t want[] = { SYS_sendmsg, (uint32_t)l->sock, (uint32_t)at,
				  (uint32_t)(at >> 32), l->cookie };
	const struct sock_filter loads[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		load_arg(0, 0),
		load_arg(1, 0),
		load_arg(1, 1),
		load_arg(2, 0),
	};
	unsigned n = 0, count = ARRAY_LEN(want);

	for (unsigned i = 0; i < count; i++) {
		out[n++] = loads[i];
		/* over the rest of the pairs and the return */
		out[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, want[i], 0,
			(uint8_t)((count - 1 - i) * 2 + 1));
	}
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						SECCOMP_RET_ALLOW);
	return n;
}

int denied_load(const struct denied_letter *l, const void *code, uint16_t len,
		struct err *err)
{
	_auto_free_ struct sock_filter *all = mem_zero((size_t)len + HEAD_MAX,
						       sizeof(*all));
	unsigned n = write_head(all, l);

	memcpy(all + n, code, (size_t)len * sizeof(*all));
	for (unsigned i = n; i < n + len; i++)
		if (all[i].code == (BPF_RET | BPF_K) &&
		    all[i].k == (SECCOMP_RET_ERRNO | EPERM))
			all[i].k = SECCOMP_RET_USER_NOTIF;
	struct sock_fprog prog = { .len = (uint16_t)(n + len), .filter = all };
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			      SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	if (fd < 0)
		return err_set(err, ERR_UNSUPPORTED,
			       "refused calls cannot be listened to: %s",
			       strerror(errno));
	return fd;
}

int denied_send(struct denied_letter *l, int listener)
{
	memcpy(CMSG_DATA(&l->control.align), &listener, sizeof(listener));
	return syscall(SYS_sendmsg, l->sock, &l->head, l->cookie) < 0 ? -1 : 0;
}
