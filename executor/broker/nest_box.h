/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * The nest's side of a box: making its namespaces and init, and starting a
 * program in it by a helper that joins the namespaces by descriptor. The helper
 * shares our memory until it is gone (vfork), so it costs no copy of it.
 */
#include "executor/broker/nest.h"
#include "executor/broker/wire.h"
#include "executor/jail/plan.h"
#include <sys/types.h>

enum {
	BOX_NS_USER,
	BOX_NS_MNT,
	BOX_NS_IPC,
	BOX_NS_UTS,
	BOX_NS_NET,
	BOX_NS_PID,
	BOX_NS_COUNT
};

struct nest_box {
	struct nest_box *next;
	uint32_t number;
	pid_t init;    /* > 0 until reaped */
	pid_t user;    /* the running program, 0 none */
	int init_sock; /* to init */
	int proxy;     /* listens in it, on its way to the broker; or -1 */
	int ns[BOX_NS_COUNT];
	int attach[CONTROLLER_COUNT];
	unsigned attach_count;
	struct plan plan;
};

struct nest {
	const struct nest_args *args;
	struct nest_box *boxes;
	char *stack;               /* of the helper */
	int proc;                  /* O_PATH: our proc, or the host's where
				      ours cannot be mounted */
	struct wire_packet packet; /* the one being worked on */
};

#define NEST_STACK (256U * 1024)

/*
 * Makes a box by the packet's limits and descriptors, which it takes. On
 * success the box is in nest->boxes and *device is its tmpfs; on failure
 * nothing is left.
 */
int nest_box_make(struct nest *nest, struct wire_packet *p,
		  struct nest_box **out, uint64_t *device, struct err *err);

/* Starts a program: stdio, argv memfd and report are p->fds. The report tells
 * of everything after the fork; errors here come before it. */
int nest_box_start(struct nest *nest, struct nest_box *b,
		   const struct wire_packet *p, struct err *err);

/* Closes and frees what the nest holds of a box whose init is reaped. */
void nest_box_free(struct nest *nest, struct nest_box *b);
