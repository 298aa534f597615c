/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The beginning, the broker's socket, and accepting: everything that is not one
 * connection.
 */
#include "executor/egress/proxy.h"

#include "executor/base/buf.h"
#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "executor/base/str.h"
#include "executor/egress/egress_wire.h"
#include "executor/egress/lookup.h"
#include "executor/egress/proxy_box.h"
#include "executor/egress/proxy_conn.h"
#include "executor/egress/resolver.h"
#include "executor/egress/seal.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIST_MAX (256 * 1024)
#define RETRY_MS 100

struct proxy {
	struct proxy_shared shared;
	struct log log;
	int sock;
	struct loop_fd *watch;
	struct proxy_box *boxes;
	bool over, resuming;
};

/* ---- accepting ---- */

static void pause_box(struct proxy_box *b)
{
	b->paused = true;
	loop_watch_set(b->watch, 0);
}

static bool is_full(const struct proxy_box *b)
{
	return b->conn_count >= PROXY_BOX_CONNS ||
	       (b->shared->conns >= PROXY_CONNS &&
		b->conn_count >= PROXY_BOX_OWN);
}

static void resume(void *arg)
{
	struct proxy *p = arg;

	p->resuming = false;
	for (struct proxy_box *b = p->boxes; b; b = b->next)
		if (b->paused && !is_full(b)) {
			b->paused = false;
			loop_watch_set(b->watch, EPOLLIN);
		}
}

/* Full: who comes waits in the socket's queue, and programs with him. */
static void on_accept(void *arg, uint32_t events)
{
	struct proxy_box *b = arg;
	const int on = 1;

	while (!is_full(b)) {
		int fd = accept4(b->listener, NULL, NULL,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno == EAGAIN)
			return;
		if (fd < 0) {
			/* out of descriptors, say: a little later */
			loop_at(b->shared->loop, deadline_in_ms(RETRY_MS),
				resume, b->shared->arg);
			break;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		proxy_conn_open(b, fd);
	}
	pause_box(b);
}

/* Not at once: the one who frees is in the middle of something. */
static void on_freed(void *arg)
{
	struct proxy *p = arg;

	if (!p->resuming)
		loop_defer(p->shared.loop, resume, p);
	p->resuming = true;
}

/* ---- boxes ---- */

static struct proxy_box *find(struct proxy *p, uint32_t number)
{
	for (struct proxy_box *b = p->boxes; b; b = b->next)
		if (b->number == number)
			return b;
	return NULL;
}

static void end_box(struct proxy *p, struct proxy_box *b)
{
	struct proxy_box **at = &p->boxes;

	while (*at && *at != b)
		at = &(*at)->next;
	if (*at)
		*at = b->next;
	loop_unwatch(b->watch);
	/* the last that kept the box's network namespace */
	fd_close(&b->listener);
	while (b->conns)
		proxy_conn_close(b->conns);
	network_finish(&b->network);
	mem_free(b);
}

static int read_list(struct proxy_box *b, int memfd, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, LIST_MAX);
	rc = fd_slurp(memfd, &text, err);
	if (!rc)
		rc = network_parse(&b->network, text.data, text.len, err);
	buf_finish(&text);
	return rc;
}

static void add_box(struct proxy *p, const struct egress_packet *packet,
		    int fds[2])
{
	struct egress_packet answer = { .op = EGRESS_ADDED,
					.box = packet->box };
	struct proxy_box *b = mem_new(struct proxy_box);
	int rc;

	b->shared = &p->shared;
	b->number = packet->box;
	str_copy(b->id, sizeof(b->id), packet->box_id);
	b->listener = fd_take(&fds[0]);
	rc = read_list(b, fds[1], &answer.err);
	if (!rc) {
		b->watch = loop_watch(p->shared.loop, b->listener, EPOLLIN,
				      on_accept, b, &answer.err);
		rc = b->watch ? 0 : -ERR_SYSTEM;
	}
	b->next = p->boxes;
	p->boxes = b;
	if (rc)
		end_box(p, b);
	if (egress_wire_send(p->sock, &answer, NULL, 0, NULL))
		p->over = true;
}

static void change_log(struct proxy *p, int *fd)
{
	fd_close(&p->log.fd);
	p->log.fd = fd_take(fd);
	p->shared.log = &p->log;
}

static void on_broker(void *arg, uint32_t events)
{
	struct proxy *p = arg;
	struct egress_packet packet;
	struct proxy_box *b;
	int fds[2] = { -1, -1 };
	int op = egress_wire_recv(p->sock, &packet, fds, NULL);

	if (op == -ERR_BUSY)
		return;
	if (op <= 0) {
		p->over = true;
		return;
	}
	b = find(p, packet.box);
	if (op == EGRESS_LOG)
		change_log(p, &fds[0]);
	else if (op == EGRESS_ADD && !b)
		add_box(p, &packet, fds);
	else if (op == EGRESS_END && b)
		end_box(p, b);
	fd_close(&fds[0]);
	fd_close(&fds[1]);
}

/* ---- beginning and end ---- */

/* Without it no name has an address: better to end, and be started anew. */
static void on_resolver_dead(void *arg)
{
	struct proxy *p = arg;

	p->over = true;
}

/* The resolver is made first, while we are small and may fork. */
static int start_resolver(struct proxy *p, int *ours, struct err *err)
{
	int pair[2];
	int rc = fd_socketpair(pair, err);

	if (rc)
		return rc;
	pid_t pid = fork();
	if (pid < 0)
		rc = err_sys(err, errno, "starting the resolver");
	if (pid == 0) {
		fd_close(&pair[0]);
		fd_close(&p->sock);
		fd_close(&p->log.fd);
		prctl(PR_SET_NAME, "coop-resolver");
		if (seal_enter(SEAL_RESOLVER, NULL))
			_exit(1);
		resolver_main(pair[1]);
	}
	fd_close(&pair[1]);
	if (rc)
		fd_close(&pair[0]);
	else
		*ours = pair[0];
	return rc;
}

/* Two descriptors for each connection, as far as the machine lets us. */
static void raise_files(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int begin(struct proxy *p, struct err *err)
{
	int resolver = -1;
	int rc;

	raise_files();
	rc = start_resolver(p, &resolver, err);
	if (!rc)
		rc = fd_set_nonblock(p->sock, true, err);
	if (rc)
		return rc;
	prctl(PR_SET_NAME, "coop-egress");
	p->shared.loop = loop_create(err);
	if (!p->shared.loop)
		return -ERR_SYSTEM;
	p->shared.lookups = lookups_create(p->shared.loop, resolver,
					   on_resolver_dead, p, err);
	p->watch = loop_watch(p->shared.loop, p->sock, EPOLLIN, on_broker, p,
			      err);
	if (!p->watch || !p->shared.lookups)
		return -ERR_SYSTEM;
	return seal_enter(SEAL_PROXY, err);
}

static void end(struct proxy *p)
{
	while (p->boxes)
		end_box(p, p->boxes);
	loop_unwatch(p->watch);
	lookups_destroy(p->shared.lookups);
	loop_destroy(p->shared.loop);
	fd_close(&p->sock);
}

int proxy_serve(int sock, int log_fd, struct err *err)
{
	struct proxy *p = mem_new(struct proxy);
	int rc;

	p->sock = sock;
	p->log = (struct log){ LOG_LEVEL_INFO, log_fd, "coop-egress" };
	p->shared.log = log_fd >= 0 ? &p->log : NULL;
	p->shared.freed = on_freed;
	p->shared.arg = p;
	rc = begin(p, err);
	while (!rc && !p->over)
		rc = loop_step(p->shared.loop, DEADLINE_NEVER, err);
	end(p);
	mem_free(p);
	return rc;
}
