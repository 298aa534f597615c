/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answering refused system calls: each waits for us, gets EPERM, and the first
 * one's name is kept. After a few the listener is closed: a program that calls
 * in a loop must not keep us busy, and the kernel then answers by itself.
 */
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/str.h"
#include "executor/broker/client_box.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#define ANSWERS_MAX 16

/* Kernels may add members; room for them, zeroed, is what they ask for. */
union notice {
	struct seccomp_notif get;
	char room[512];
};
union answer {
	struct seccomp_notif_resp put;
	char room[512];
};

static void keep_name(struct broker_box *x, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

	if (name)
		str_copy(x->denied, sizeof(x->denied), name);
	free(name); /* libseccomp's malloc */
}

static void on_notice(void *arg, uint32_t events)
{
	struct broker_box *x = arg;
	union notice notice = { .room = { 0 } };
	union answer answer = { .room = { 0 } };

	/* nobody is left who could call */
	if (!(events & EPOLLIN)) {
		client_denied_end(x);
		return;
	}
	if (ioctl(x->listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) < 0) {
		/* ENOENT: killed while it waited */
		if (errno != ENOENT && errno != EINTR)
			client_denied_end(x);
		return;
	}
	if (!x->denied[0])
		keep_name(x, notice.get.data.nr);
	answer.put.id = notice.get.id;
	answer.put.error = -EPERM;
	ioctl(x->listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	if (++x->denied_count >= ANSWERS_MAX)
		client_denied_end(x);
}

void client_denied_begin(struct broker_box *x, struct loop *l, int listener)
{
	client_denied_end(x);
	x->denied[0] = '\0';
	x->denied_count = 0;
	x->listener = listener;
	if (listener < 0)
		return;
	x->denied_watch = loop_watch(l, listener, EPOLLIN, on_notice, x, NULL);
	/* unwatched it would hang the program */
	if (!x->denied_watch)
		fd_close(&x->listener);
}

void client_denied_end(struct broker_box *x)
{
	loop_unwatch(x->denied_watch);
	x->denied_watch = NULL;
	fd_close(&x->listener);
}
