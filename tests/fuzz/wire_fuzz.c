/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets between front, broker, nest and init, as they come out of a real
 * socket with real descriptors: what is accepted has the size, descriptors and
 * ended texts that its row says, what is refused leaves no descriptor open.
 * The first byte is the number of descriptors, the rest the packet.
 */
#include "executor/broker/wire.h"

#include "executor/base/fd.h"
#include "tests/fuzz/fuzz.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const struct row {
	size_t size;
	unsigned few, most;
	bool path;
} rows[] = {
#define ROW(op, body, few, most, path) [op] = { sizeof(body), few, most, path },
	WIRE_TABLE(ROW)
#undef ROW
};

static int pair[2], borrowed[FD_PACKET_FDS];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FUZZ_CHECK(fd_socketpair(pair, NULL) == 0);
	for (int i = 0; i < FD_PACKET_FDS; i++)
		borrowed[i] = pair[0];
	return 0;
}

/* The lowest free number: the same before and after if nothing leaks. */
static int lowest_free(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static bool ended(const char *text, size_t size)
{
	return memchr(text, 0, size) != NULL;
}

static void check_texts(const struct wire_packet *p)
{
	const struct err *e = &p->error.err;

	switch (p->head.op) {
	case WIRE_MAKE:
		FUZZ_CHECK(ended(p->make.profile, sizeof(p->make.profile)));
		break;
	case WIRE_MADE:
	case WIRE_STARTED:
	case WIRE_ENDED:
	case WIRE_LOST:
	case NEST_READY:
	case NEST_MADE:
	case NEST_STARTED:
	case INIT_READY:
		FUZZ_CHECK(ended(e->text, sizeof(e->text)));
		FUZZ_CHECK(ended(e->field, sizeof(e->field)));
		FUZZ_CHECK(ended(e->remedy, sizeof(e->remedy)));
		/* the code may be anything: who asks for its name must live */
		FUZZ_CHECK(*err_name(e->code) && err_http(e->code) > 0);
		break;
	default:
		break;
	}
}

static void check_packet(const struct wire_packet *p, size_t len)
{
	const struct row *row;
	size_t path = strlen(p->path);

	FUZZ_CHECK(p->head.op > WIRE_NONE && p->head.op < WIRE_OP_COUNT);
	row = &rows[p->head.op];
	FUZZ_CHECK(p->nfds >= row->few && p->nfds <= row->most);
	FUZZ_CHECK(len == sizeof(p->head) + row->size + path);
	FUZZ_CHECK(path <= WIRE_PATH_MAX && (row->path || !path));
	FUZZ_CHECK(*wire_op_name(p->head.op));
	check_texts(p);
}

/* Sent again it is the same packet. */
static void check_again(const struct wire_packet *p)
{
	static struct wire_packet again;
	struct wire_out out = {
		.op = p->head.op,
		.seq = p->head.seq,
		.body = p->bytes,
		.path = p->path,
		.fds = p->fds,
		.nfds = p->nfds,
	};

	FUZZ_CHECK(wire_send(pair[0], &out, NULL) == 0);
	FUZZ_CHECK(wire_recv(pair[1], &again, NULL) == p->head.op);
	FUZZ_CHECK(again.head.seq == p->head.seq && again.nfds == p->nfds);
	FUZZ_CHECK(memcmp(again.bytes, p->bytes, rows[p->head.op].size) == 0);
	FUZZ_SAME(again.path, p->path);
	wire_drop(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_packet p;
	unsigned nfds = size ? data[0] % (FD_PACKET_FDS + 1) : 0;
	struct err err = { 0 };
	int before = lowest_free(), op;

	if (size < 2 || size - 1 > FD_PACKET_MAX)
		return -1;
	memset(&p, 0xa5, sizeof(p));
	FUZZ_CHECK(fd_send(pair[0], data + 1, size - 1, borrowed, nfds, NULL) ==
		   0);
	op = wire_recv(pair[1], &p, &err);
	if (op < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(p.nfds == 0);
	} else {
		FUZZ_CHECK(op == p.head.op && p.nfds == nfds);
		check_packet(&p, size - 1);
		check_again(&p);
		wire_drop(&p);
	}
	FUZZ_CHECK(lowest_free() == before);
	return 0;
}
