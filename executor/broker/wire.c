/* SPDX-License-Identifier: Apache-2.0 */
/* The table of ops and the one place that checks what came over a socket. */
#include "executor/broker/wire.h"

#include "executor/base/mem.h"

#include <stddef.h>
#include <string.h>

struct wire_row {
	const char *name;
	uint16_t size;
	uint8_t few, most, path;
};

static const struct wire_row rows[WIRE_OP_COUNT] = {
#define WIRE_ROW(sym, body, few, most, path)                                   \
	[sym] = { #sym, sizeof(body), few, most, path },
	WIRE_TABLE(WIRE_ROW)
#undef WIRE_ROW
};

#define WIRE_FITS(sym, body, few, most, path)                                  \
	_Static_assert(sizeof(struct wire_head) + sizeof(body) +               \
				       (path ? WIRE_PATH_MAX : 0) <=           \
			       FD_PACKET_MAX,                                  \
		       #sym);
WIRE_TABLE(WIRE_FITS)
#undef WIRE_FITS

const char *wire_op_name(enum wire_op op)
{
	return op > WIRE_NONE && op < WIRE_OP_COUNT ? rows[op].name : "?";
}

int wire_send(int sock, const struct wire_out *out, struct err *err)
{
	const struct wire_row *row = &rows[out->op];
	char packet[FD_PACKET_MAX] = { 0 };
	struct wire_head head = {
		.magic = WIRE_MAGIC,
		.version = WIRE_VERSION,
		.op = (uint16_t)out->op,
		.seq = out->seq,
	};
	size_t len = sizeof(head) + row->size;
	size_t path = out->path ? strlen(out->path) : 0;

	if (path > WIRE_PATH_MAX)
		return err_set(err, ERR_TOO_LARGE, "the path is too long");
	memcpy(packet, &head, sizeof(head));
	if (out->body)
		memcpy(packet + sizeof(head), out->body, row->size);
	if (path)
		memcpy(packet + len, out->path, path);
	return fd_send(sock, packet, len + path, out->fds, out->nfds, err);
}

void wire_drop(struct wire_packet *p)
{
	for (unsigned i = 0; i < p->nfds; i++)
		fd_close(&p->fds[i]);
	p->nfds = 0;
}

/* Text that came over a socket ends, whoever wrote it. */
static void end_text(struct err *e)
{
	e->field[sizeof(e->field) - 1] = '\0';
	e->text[sizeof(e->text) - 1] = '\0';
	e->remedy[sizeof(e->remedy) - 1] = '\0';
}

static void end_all_text(struct wire_packet *p)
{
	switch (p->head.op) {
	case WIRE_MAKE:
		p->make.profile[WIRE_NAME - 1] = '\0';
		break;
	case WIRE_MADE:
	case WIRE_STARTED:
	case WIRE_ENDED:
	case WIRE_LOST:
	case NEST_READY:
	case NEST_MADE:
	case NEST_STARTED:
	case INIT_READY:
		/* the error is the first member of each of these */
		end_text(&p->error.err);
		break;
	default:
		break;
	}
}

int wire_check(struct wire_packet *p, size_t len, struct err *err)
{
	size_t body;

	p->path = "";
	if (len < sizeof(p->head) || p->head.magic != WIRE_MAGIC)
		return err_set(err, ERR_INVALID, "a packet that is not ours");
	if (p->head.version != WIRE_VERSION)
		return err_set(err, ERR_INVALID,
			       "the other end is of another build (%u)",
			       p->head.version);
	if (p->head.op <= WIRE_NONE || p->head.op >= WIRE_OP_COUNT)
		return err_set(err, ERR_INVALID, "a packet of kind %u",
			       p->head.op);
	const struct wire_row *row = &rows[p->head.op];
	body = len - sizeof(p->head);
	if (body < row->size || (!row->path && body != row->size) ||
	    body - row->size > WIRE_PATH_MAX)
		return err_set(err, ERR_INVALID, "%s of %zu bytes", row->name,
			       len);
	if (p->nfds < row->few || p->nfds > row->most)
		return err_set(err, ERR_INVALID, "%s with %u descriptors",
			       row->name, p->nfds);
	if (row->path) {
		p->bytes[body] = '\0';
		p->path = p->bytes + row->size;
		if (strlen(p->path) != body - row->size)
			return err_set(err, ERR_INVALID, "a NUL in a path");
	}
	end_all_text(p);
	return 0;
}

_Static_assert(offsetof(struct wire_packet, bytes) == sizeof(struct wire_head),
	       "head and body are received in one piece");

int wire_recv(int sock, struct wire_packet *p, struct err *err)
{
	ssize_t n;

	p->nfds = 0;
	n = fd_recv(sock, &p->head, FD_PACKET_MAX, p->fds, &p->nfds, err);
	if (n <= 0)
		return (int)n;
	int rc = wire_check(p, (size_t)n, err);
	if (rc) {
		wire_drop(p);
		return rc;
	}
	return p->head.op;
}
