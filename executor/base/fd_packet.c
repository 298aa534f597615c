/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets with descriptors over SOCK_SEQPACKET. Knows nothing of what is in
 * them; refuses whole packets rather than handing out halves.
 */
#include "executor/base/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Room for the descriptors, aligned as the kernel's headers must be. */
union control {
	char bytes[CMSG_SPACE(sizeof(int) * FD_PACKET_FDS)];
	struct cmsghdr align;
};

int fd_send(int sock, const void *data, size_t len, const int *fds,
	    unsigned nfds, struct err *err)
{
	struct iovec part = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control = { .bytes = { 0 } };
	ssize_t n;

	/* an empty packet would read as end of file */
	if (!len || len > FD_PACKET_MAX || nfds > FD_PACKET_FDS)
		return err_set(err, ERR_INVALID,
			       "a packet of %zu bytes and %u descriptors", len,
			       nfds);
	if (nfds) {
		struct cmsghdr *head = &control.align;

		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int) * nfds);
		memcpy(CMSG_DATA(head), fds, sizeof(int) * nfds);
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * nfds);
	}
	do
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return err_set(err, ERR_BUSY, "the socket is full");
	if (n < 0)
		return err_sys(err, errno, "cannot send a packet");
	return 0;
}

/* Moves the descriptors out of the control data; closes what is too much. */
static unsigned take_fds(struct msghdr *msg, int fds[FD_PACKET_FDS])
{
	struct cmsghdr *head;
	unsigned taken = 0;

	for (head = CMSG_FIRSTHDR(msg); head; head = CMSG_NXTHDR(msg, head)) {
		size_t count;

		if (head->cmsg_level != SOL_SOCKET ||
		    head->cmsg_type != SCM_RIGHTS)
			continue;
		count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(head) + i * sizeof(int),
			       sizeof(fd));
			if (taken < FD_PACKET_FDS)
				fds[taken++] = fd;
			else
				fd_close(&fd);
		}
	}
	return taken;
}

ssize_t fd_recv(int sock, void *data, size_t size, int fds[FD_PACKET_FDS],
		unsigned *nfds, struct err *err)
{
	struct iovec part = { .iov_base = data, .iov_len = size };
	union control control = { .bytes = { 0 } };
	struct msghdr msg = { .msg_iov = &part,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	bool reset = false;
	unsigned count;
	ssize_t n;

	/* Of a peer that ended with packets unread the kernel says so first, once
	 * and before what that peer had sent: its last words are still there. */
	for (;;) {
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
		if (n >= 0 ||
		    (errno != EINTR && (errno != ECONNRESET || reset)))
			break;
		reset |= errno == ECONNRESET;
	}
	if (n < 0 && errno == EAGAIN)
		return err_set(err, ERR_BUSY, "no packet is there");
	if (n < 0)
		return err_sys(err, errno, "cannot receive a packet");
	count = take_fds(&msg, fds);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		while (count)
			fd_close(&fds[--count]);
		return err_set(err, ERR_INVALID, "a packet is too large");
	}
	*nfds = count;
	return n;
}
