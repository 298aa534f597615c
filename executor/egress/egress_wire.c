/* SPDX-License-Identifier: Apache-2.0 */
/* Sending and checking. What the packets mean is proxy.c and the broker. */
#include "executor/egress/egress_wire.h"

/* Descriptors that each op carries. */
static const unsigned carried[EGRESS_OP_COUNT] = {
	[EGRESS_ADD] = 2,
	[EGRESS_LOG] = 1,
};

int egress_wire_send(int sock, struct egress_packet *p, const int *fds,
		     unsigned nfds, struct err *err)
{
	p->magic = EGRESS_MAGIC;
	return fd_send(sock, p, sizeof(*p), fds, nfds, err);
}

static bool is_ours(const struct egress_packet *p, ssize_t len, unsigned nfds)
{
	return len == sizeof(*p) && p->magic == EGRESS_MAGIC &&
	       p->op > EGRESS_NONE && p->op < EGRESS_OP_COUNT &&
	       nfds == carried[p->op];
}

int egress_wire_recv(int sock, struct egress_packet *p, int fds[2],
		     struct err *err)
{
	int got[FD_PACKET_FDS];
	unsigned nfds = 0;
	ssize_t n = fd_recv(sock, p, sizeof(*p), got, &nfds, err);

	if (n <= 0)
		return (int)n;
	if (!is_ours(p, n, nfds)) {
		for (unsigned i = 0; i < nfds; i++)
			fd_close(&got[i]);
		return err_set(err, ERR_INVALID, "a packet that is not ours");
	}
	p->box_id[sizeof(p->box_id) - 1] = '\0';
	p->err.field[sizeof(p->err.field) - 1] = '\0';
	p->err.text[sizeof(p->err.text) - 1] = '\0';
	p->err.remedy[sizeof(p->err.remedy) - 1] = '\0';
	for (unsigned i = 0; i < 2; i++)
		fds[i] = i < nfds ? got[i] : -1;
	return (int)p->op;
}
