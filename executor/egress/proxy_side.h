/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One end of a relayed connection: a socket, what was read from it and not yet
 * used, what is to be written to it. Buffers are bounded, and the loop is asked
 * only for what there is room for: that is the back-pressure.
 */
#include "executor/base/buf.h"
#include "executor/base/err.h"
#include <stdint.h>

struct loop;
struct loop_fd;

#define PROXY_SIDE_BYTES (32 * 1024) /* beyond: no more is read or moved */

struct proxy_side {
	int fd; /* -1: none */
	struct loop_fd *watch;
	struct buf in, out;
	bool eof;    /* nothing more comes */
	bool shut;   /* nothing more goes: our half is closed */
	bool broken; /* reset, or closed while we wrote */
};

typedef void proxy_side_fn(void *arg, uint32_t events);

/* An end without a socket; ends with proxy_side_finish(). */
void proxy_side_init(struct proxy_side *s);

/* Takes a connected, non-blocking socket; fn(arg) hears of it. */
int proxy_side_open(struct proxy_side *s, struct loop *l, int fd,
		    proxy_side_fn *fn, void *arg);

/* Closes the socket and empties the buffers; the side can be opened again. */
void proxy_side_close(struct proxy_side *s);
void proxy_side_finish(struct proxy_side *s);

/* Reads what is there as far as there is room. True when anything came, the end
 * included. */
bool proxy_side_read(struct proxy_side *s);

/* Writes what can be written; true when anything was. */
bool proxy_side_write(struct proxy_side *s);

/* Closes our half once everything is written; true when that happened now. */
bool proxy_side_shut(struct proxy_side *s);

/* Moves `len` bytes from what `from` has read to what `to` has to write. */
void proxy_side_move(struct proxy_side *from, struct proxy_side *to,
		     size_t len);

/* How many bytes may be moved to it now. */
size_t proxy_side_room(const struct proxy_side *s);

/* Tells the loop what this side waits for. */
void proxy_side_ask(struct proxy_side *s);
