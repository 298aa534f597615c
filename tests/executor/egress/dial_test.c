/* SPDX-License-Identifier: Apache-2.0 */
/* Connecting to the first address that answers, and what is this machine. */
#include "executor/egress/dial.h"

#include "executor/base/fd.h"
#include "executor/base/loop.h"
#include "executor/base/mem.h"
#include "tests/tap.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct heard {
	bool done;
	int fd, why;
};

static void on_dialled(void *arg, int fd, int errno_value)
{
	struct heard *h = arg;

	h->done = true;
	h->fd = fd;
	h->why = errno_value;
}

/* A listening socket on 127.0.0.1 and its port. */
static int listen_here(uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(at);
	int sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(sock >= 0);
	REQUIRE(bind(sock, (struct sockaddr *)&at, sizeof(at)) == 0);
	REQUIRE(listen(sock, 8) == 0);
	REQUIRE(getsockname(sock, (struct sockaddr *)&at, &len) == 0);
	*port = ntohs(at.sin_port);
	return sock;
}

/* Dials the addresses; the result, or still open when `cancel`. */
static struct heard dial(const char *const *texts, unsigned count,
			 uint16_t port, bool cancel)
{
	struct net_address list[8];
	struct heard h = { .fd = -1 };
	const struct dial_options o = {
		.addresses = list,
		.count = count,
		.port = port,
		.fn = on_dialled,
		.arg = &h,
	};
	struct loop *loop = loop_create(NULL);

	for (unsigned i = 0; i < count; i++)
		REQUIRE(net_address_parse(&list[i], texts[i]));
	struct dial *d = dial_start(loop, &o);
	CHECK(!h.done);
	if (cancel)
		dial_cancel(d);
	else
		REQUIRE(loop_until(loop, &h.done, deadline_in_ms(30000),
				   NULL) == 0);
	loop_destroy(loop);
	return h;
}

static void connects(void)
{
	/* nobody listens on the first one's port */
	static const char *const list[] = { "127.9.9.9", "127.0.0.1" };
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	uint16_t port;
	_auto_close_ int sock = listen_here(&port);
	struct heard h = dial(list, 2, port, false);

	REQUIRE(h.fd >= 0);
	REQUIRE(getpeername(h.fd, (struct sockaddr *)&peer, &len) == 0);
	CHECK_INT(ntohl(peer.sin_addr.s_addr), INADDR_LOOPBACK);
	close(h.fd);
}

static void says_why_not(void)
{
	static const char *const list[] = { "127.9.9.9", "127.9.9.8" };
	uint16_t port;
	_auto_close_ int sock = listen_here(&port);
	struct heard h = dial(list, 2, port, false);

	CHECK_INT(h.fd, -1);
	CHECK_INT(h.why, ECONNREFUSED);
	h = dial(list, 0, port, false);
	CHECK_INT(h.fd, -1);
	CHECK(h.why != 0);
}

static void tries_only_so_many(void)
{
	static const char *const list[] = { "127.9.9.1", "127.9.9.2",
					    "127.9.9.3", "127.9.9.4",
					    "127.0.0.1" };
	uint16_t port;
	_auto_close_ int sock = listen_here(&port);
	struct heard h = dial(list, DIAL_ADDRESSES + 1, port, false);

	CHECK_INT(h.fd, -1);
}

static void cancels(void)
{
	static const char *const list[] = { "127.0.0.1" };
	uint16_t port;
	_auto_close_ int sock = listen_here(&port);
	struct heard h = dial(list, 1, port, true);

	CHECK(!h.done);
	dial_cancel(NULL);
}

static void knows_the_machine(void)
{
	static const struct {
		const char *address;
		bool own;
	} rows[] = {
		{ "127.0.0.1", true },        { "127.1.2.3", true },
		{ "0.0.0.0", true },          { "203.0.113.77", false },
		{ "240.0.0.1", false },       { "2001:db8::77", false },
		{ "255.255.255.255", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct net_address a;

		tap_note("%s", rows[i].address);
		REQUIRE(net_address_parse(&a, rows[i].address));
		/* some kernels let broadcast be bound; it is refused anyway */
		if (rows[i].address[0] != '2' || rows[i].address[1] != '5')
			CHECK(dial_is_own(&a) == rows[i].own);
	}
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(connects),           TEST(says_why_not),
		TEST(tries_only_so_many), TEST(cancels),
		TEST(knows_the_machine),  { 0 },
	};

	return tap_main(tests, argc, argv);
}
