/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Packets between front, broker, nest and init: SOCK_SEQPACKET, native order,
 * one head and one fixed struct, for some a path behind it, descriptors beside
 * it. Both ends are one build; another version, size or number of descriptors
 * is an error and the receiver closes. One table says what each op carries.
 */
#include "executor/base/err.h"
#include "executor/base/fd.h"
#include "executor/spec/limits.h"
#include "executor/spec/result.h"
#include <stdbool.h>
#include <stdint.h>

#define WIRE_MAGIC 0x50304f43U
#define WIRE_NAME 64
#define WIRE_PATH_MAX 3072 /* bytes of a path, NUL not sent */

/* X(enum, struct of its body, fewest fds, most fds, path behind it) */
#define WIRE_TABLE(X)                                                            \
	/* front to broker; head.seq is the box's number, chosen by the front */ \
	X(WIRE_MAKE, struct wire_make, 0, 0, 0)                                  \
	X(WIRE_START, struct wire_start, 4, 4, 0) /* stdio, argv memfd */        \
	X(WIRE_KILL, struct wire_kill, 0, 0, 0)                                  \
	X(WIRE_END, struct wire_empty, 0, 0, 0)                                  \
	/* broker to front */                                                    \
	X(WIRE_MADE, struct wire_made, 0, 1, 0)     /* init's socket */          \
	X(WIRE_STARTED, struct wire_error, 0, 1, 0) /* of refusals */            \
	X(WIRE_ENDED, struct wire_ended, 0, 0, 0)                                \
	X(WIRE_LOST, struct wire_error, 0, 0, 0)                                 \
	/* broker to nest; stdio, argv, report of NEST_START */                  \
	X(NEST_MAKE, struct nest_make, 1, 6, 0) /* init's socket, attach */      \
	X(NEST_START, struct wire_empty, 5, 5, 0)                                \
	X(NEST_KILL, struct wire_empty, 0, 0, 0)                                 \
	X(NEST_END, struct wire_empty, 0, 0, 0)                                  \
	/* nest to broker */                                                     \
	X(NEST_READY, struct wire_error, 0, 0, 0)                                \
	X(NEST_MADE, struct nest_made, 0, 1, 0) /* the proxy's socket */         \
	X(NEST_STARTED, struct wire_error, 0, 0, 0)                              \
	X(NEST_ENDED, struct nest_ended, 0, 0, 0)                                \
	X(NEST_KILLED, struct nest_killed, 0, 0, 0)                              \
	X(NEST_GONE, struct wire_empty, 0, 0, 0)                                 \
	/* becoming init to nest */                                              \
	X(INIT_BORN, struct init_born, 0, 0, 0)                                  \
	X(INIT_READY, struct nest_made, 0, 7, 0) /* namespaces, proxy's */       \
	/* front to init */                                                      \
	X(INIT_OPEN, struct init_open, 0, 0, 1)                                  \
	X(INIT_LIST, struct wire_empty, 0, 0, 1)                                 \
	X(INIT_MKDIR, struct init_open, 0, 0, 1)                                 \
	X(INIT_REMOVE, struct wire_empty, 0, 0, 1)                               \
	/* init to front */                                                      \
	X(INIT_OPENED, struct init_done, 0, 1, 0)                                \
	X(INIT_ENTRY, struct init_entry, 0, 0, 1)                                \
	X(INIT_DONE, struct init_done, 0, 0, 0)                                  \
	/* nest to init and back */                                              \
	X(INIT_KILL, struct wire_empty, 0, 0, 0)                                 \
	X(INIT_KILLED, struct nest_killed, 0, 0, 0)

enum wire_op {
	WIRE_NONE,
#define WIRE_ENUM(sym, body, few, most, path) sym,
	WIRE_TABLE(WIRE_ENUM)
#undef WIRE_ENUM
		WIRE_OP_COUNT
};

struct wire_head {
	uint32_t magic;
	uint16_t version;
	uint16_t op;
	uint32_t seq;
	int32_t error; /* 0 or -enum err_code */
};

/* Another build, another version: numbers of ops and sizes of bodies make it. */
#define WIRE_PART(sym, body, few, most, path)                                  \
	+(uint32_t)(sym) *                                                     \
		(uint32_t)(sizeof(body) * 8 + (few) + (most) + (path))
#define WIRE_VERSION ((uint16_t)((0U WIRE_TABLE(WIRE_PART)) % 65521U))

struct wire_empty {
	uint32_t zero;
};

struct wire_error {
	struct err err; /* code 0: none */
};

struct wire_make {
	char profile[WIRE_NAME];
	int32_t tier;
	uint32_t no_network; /* 1: none, whatever the profile allows */
	struct limits limits;
};

struct wire_made {
	struct err err;
	int32_t tier;
	uint32_t missing;
	uint64_t device; /* st_dev of the box's tmpfs */
	struct limits limits;
};

struct wire_start {
	uint64_t time_ms; /* 0: the box's */
};

struct wire_kill {
	uint32_t why; /* enum reason */
};

struct wire_ended {
	struct err err; /* code: Coop failed; text why */
	int32_t wait_status;
	uint32_t reason_count;
	uint32_t reasons[REASONS_MAX];
	uint8_t oom_kill, memory_at_limit, leftover, zero[5];
	int64_t cpu_ns, memory_peak, processes_peak;
	uint64_t wall_ns;
};

struct nest_make {
	uint32_t uid;        /* in the nest's user namespace */
	uint32_t no_network; /* as in wire_make */
	struct limits limits;
};

struct nest_made {
	struct err err;
	uint64_t device;
};

struct nest_ended {
	int32_t wait_status;
	uint32_t zero;
	uint64_t at_ns; /* CLOCK_MONOTONIC */
	int64_t cpu_ns; /* its own and of those it waited for */
};

struct nest_killed {
	uint32_t empty; /* nothing but init is left */
};

struct init_born {
	int32_t pid; /* in the nest's proc */
};

struct init_open {
	int32_t flags;
	uint32_t mode;
};

struct init_done {
	int32_t errno_value; /* 0: done */
	uint32_t truncated;
};

struct init_entry {
	uint32_t type; /* 'f' 'd' 'l' 'p' 's' 'o' */
	uint32_t mode;
	uint64_t size, ino;
	int64_t mtime_ns;
};

/* What a starting program writes to its report: one when it is about to exec,
 * another only if that failed. */
struct wire_report {
	uint32_t magic;
	uint32_t zero;
	uint64_t at_ns;
	struct err err;
};

/* A received packet. Descriptors belong to the receiver: wire_drop(). */
struct wire_packet {
	struct wire_head head;
	union {
		struct wire_make make;
		struct wire_made made;
		struct wire_start start;
		struct wire_kill kill;
		struct wire_error error;
		struct wire_ended ended;
		struct nest_make nest_make;
		struct nest_made nest_made;
		struct nest_ended nest_ended;
		struct nest_killed nest_killed;
		struct init_born born;
		struct init_open open;
		struct init_done done;
		struct init_entry entry;
		char bytes[FD_PACKET_MAX - sizeof(struct wire_head) + 8];
	};
	const char *path; /* in bytes, NUL-ended; "" if the op has none */
	unsigned nfds;
	int fds[FD_PACKET_FDS];
};

/*
 * Sends one packet: op, seq and a body whose size the table knows. `path` may
 * be NULL. Descriptors are borrowed. Errors as fd_send().
 */
struct wire_out {
	enum wire_op op;
	uint32_t seq;
	const void *body; /* NULL: zeroed */
	const char *path;
	const int *fds;
	unsigned nfds;
};
int wire_send(int sock, const struct wire_out *out, struct err *err);

/*
 * Receives and checks one packet. Returns its op; 0 at end of file; -ERR_BUSY
 * when none is there; -ERR_INVALID (descriptors closed) when it is not ours.
 */
int wire_recv(int sock, struct wire_packet *p, struct err *err);

/* Checks what was received: `len` bytes from p->head on, p->nfds descriptors;
 * fills p->path and ends all text. Pure, for tests. */
int wire_check(struct wire_packet *p, size_t len, struct err *err);

/* Closes the descriptors that are still there. */
void wire_drop(struct wire_packet *p);

/* Name of an op for messages; never NULL. */
const char *wire_op_name(enum wire_op op);
