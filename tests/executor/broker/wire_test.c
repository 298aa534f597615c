/* SPDX-License-Identifier: Apache-2.0 */
/* What comes over a socket is ours or is refused; nothing is half taken. */
#include "executor/broker/wire.h"

#include "tests/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct wire_packet packet;

static size_t well_formed(enum wire_op op, size_t body)
{
	memset(&packet, 0, sizeof(packet));
	packet.head.magic = WIRE_MAGIC;
	packet.head.version = WIRE_VERSION;
	packet.head.op = (uint16_t)op;
	return sizeof(packet.head) + body;
}

static void heads(void)
{
	size_t len = well_formed(WIRE_MAKE, sizeof(struct wire_make));

	CHECK_INT(wire_check(&packet, len, NULL), 0);
	packet.head.magic++;
	CHECK_INT(wire_check(&packet, len, NULL), -ERR_INVALID);
	well_formed(WIRE_MAKE, 0);
	packet.head.version++;
	CHECK_INT(wire_check(&packet, len, NULL), -ERR_INVALID);
	well_formed(WIRE_NONE, 0);
	CHECK_INT(wire_check(&packet, len, NULL), -ERR_INVALID);
	well_formed(WIRE_OP_COUNT, 0);
	CHECK_INT(wire_check(&packet, len, NULL), -ERR_INVALID);
	packet.head.op = 65535;
	CHECK_INT(wire_check(&packet, len, NULL), -ERR_INVALID);
	/* shorter than a head */
	for (size_t n = 0; n < sizeof(packet.head); n++)
		CHECK_INT(wire_check(&packet, n, NULL), -ERR_INVALID);
}

/* For each op every length but one (or, with a path, a range) is refused. */
static void lengths(void)
{
	for (int op = WIRE_NONE + 1; op < WIRE_OP_COUNT; op++) {
		unsigned good = 0;
		size_t first = 0;

		for (size_t n = 0; n <= FD_PACKET_MAX; n++) {
			well_formed((enum wire_op)op, 0);
			memset(packet.bytes, 'x', sizeof(packet.bytes));
			/* any number of descriptors that some op allows */
			bool taken = false;
			for (packet.nfds = 0; packet.nfds <= 8 && !taken;
			     packet.nfds++)
				taken = wire_check(&packet, n, NULL) == 0;
			packet.nfds = 0;
			if (taken && !good++)
				first = n;
		}
		CHECK(good == 1 || good == WIRE_PATH_MAX + 1);
		CHECK(first >= sizeof(struct wire_head));
	}
}

static void descriptors(void)
{
	size_t len = well_formed(WIRE_START, sizeof(struct wire_start));

	for (packet.nfds = 0; packet.nfds <= FD_PACKET_FDS; packet.nfds++)
		CHECK_INT(wire_check(&packet, len, NULL),
			  packet.nfds == 4 ? 0 : -ERR_INVALID);
}

static void text_ends(void)
{
	size_t len = well_formed(WIRE_MAKE, sizeof(struct wire_make));

	memset(packet.make.profile, 'p', WIRE_NAME);
	CHECK_INT(wire_check(&packet, len, NULL), 0);
	CHECK_INT(strlen(packet.make.profile), WIRE_NAME - 1);
	len = well_formed(WIRE_LOST, sizeof(struct wire_error));
	memset(&packet.error, 'e', sizeof(packet.error));
	CHECK_INT(wire_check(&packet, len, NULL), 0);
	CHECK_INT(strlen(packet.error.err.text),
		  sizeof(packet.error.err.text) - 1);
	CHECK_INT(strlen(packet.error.err.remedy),
		  sizeof(packet.error.err.remedy) - 1);
}

static void paths(void)
{
	size_t body = sizeof(struct init_open);
	size_t len = well_formed(INIT_OPEN, body);

	CHECK_INT(wire_check(&packet, len, NULL), 0);
	CHECK_STR(packet.path, "");
	memcpy(packet.bytes + body, "a/b", 3);
	CHECK_INT(wire_check(&packet, len + 3, NULL), 0);
	CHECK_STR(packet.path, "a/b");
	memcpy(packet.bytes + body, "a\0b", 3);
	CHECK_INT(wire_check(&packet, len + 3, NULL), -ERR_INVALID);
	memset(packet.bytes + body, 'x', WIRE_PATH_MAX);
	CHECK_INT(wire_check(&packet, len + WIRE_PATH_MAX, NULL), 0);
	CHECK_INT(strlen(packet.path), WIRE_PATH_MAX);
	CHECK_INT(wire_check(&packet, len + WIRE_PATH_MAX + 1, NULL),
		  -ERR_INVALID);
}

static unsigned open_fds(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void over_a_socket(void)
{
	struct wire_make make = { .profile = "agent", .tier = 2 };
	struct wire_out out = { .op = WIRE_MAKE, .seq = 7, .body = &make };
	int pair[2];

	REQUIRE(fd_socketpair(pair, NULL) == 0);
	CHECK_INT(wire_send(pair[0], &out, NULL), 0);
	CHECK_INT(wire_recv(pair[1], &packet, NULL), WIRE_MAKE);
	CHECK_INT(packet.head.seq, 7);
	CHECK_STR(packet.make.profile, "agent");
	/* descriptors of a packet that is refused are closed */
	unsigned before = open_fds();
	const int fds[2] = { 0, 1 };
	const char junk[64] = "not ours";
	CHECK_INT(fd_send(pair[0], junk, sizeof(junk), fds, 2, NULL), 0);
	CHECK_INT(wire_recv(pair[1], &packet, NULL), -ERR_INVALID);
	CHECK_INT(open_fds(), before);
	out.fds = fds;
	out.nfds = 2;
	CHECK_INT(wire_send(pair[0], &out, NULL), 0);
	CHECK_INT(wire_recv(pair[1], &packet, NULL), -ERR_INVALID);
	CHECK_INT(open_fds(), before);
	fd_close(&pair[0]);
	CHECK_INT(wire_recv(pair[1], &packet, NULL), 0);
}

/* Any bytes: refused or well-formed, never read beyond (under sanitizers). */
static void random_bytes(void)
{
	unsigned seed = 12345, taken = 0;

	for (int round = 0; round < 200000; round++) {
		size_t len = (size_t)rand_r(&seed) % (FD_PACKET_MAX + 1);

		for (int i = 0; i < 64; i++)
			packet.bytes[(unsigned)rand_r(&seed) % 4000] =
				(char)rand_r(&seed);
		packet.head.magic = WIRE_MAGIC;
		packet.head.version = WIRE_VERSION;
		packet.head.op = (uint16_t)(rand_r(&seed) % 40);
		packet.nfds = (unsigned)rand_r(&seed) % 8;
		if (wire_check(&packet, len, NULL) == 0) {
			taken++;
			CHECK(strlen(packet.path) <= WIRE_PATH_MAX);
		}
	}
	CHECK(taken > 100);
	packet.nfds = 0;
}

int main(int argc, char **argv)
{
	static const struct tap_test tests[] = {
		TEST(heads),        TEST(lengths), TEST(descriptors),
		TEST(text_ends),    TEST(paths),   TEST(over_a_socket),
		TEST(random_bytes), { 0 },
	};

	return tap_main(tests, argc, argv);
}
