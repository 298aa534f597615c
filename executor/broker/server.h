/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * What the broker's parts share: one per process. broker.c runs it, server_box.c and
 * server_exec.c keep boxes, nests.c keeps nests; this header is only their data.
 */
#include "executor/base/clock.h"
#include "executor/broker/state.h"
#include "executor/broker/wire.h"
#include "executor/jail/cgroup.h"
#include "executor/jail/hands.h"
#include "executor/jail/machine.h"
#include "executor/jail/plan.h"
#include "executor/profile/filter.h"
#include "executor/profile/profile.h"
#include <stdbool.h>
#include <sys/types.h>

struct egress_link;
struct loop;
struct loop_fd;
struct loop_timer;
struct uids;

/* The broker's end of a nest. */
struct nest_link {
	struct nest_link *next;
	struct server *server;
	struct profile *profile;
	struct filter filter;
	pid_t pid;
	int sock;
	struct loop_fd *watch;
	bool ready;
};

enum box_state {
	BOX_MAKING, /* asked of the nest */
	BOX_IDLE,
	BOX_STARTING, /* sent to the nest, exec not yet seen */
	BOX_RUNNING,
	BOX_ENDING /* init is being killed, then it is freed */
};

/* What the proxy knows of a box. */
enum box_proxy { BOX_PROXY_NONE, BOX_PROXY_ASKED, BOX_PROXY_SERVED };

struct box {
	struct box *next;
	struct server *server;
	struct nest_link *nest; /* NULL once it is dead */
	uint32_t number;        /* the front's */
	enum box_state state;
	struct plan *plan;
	struct cgroup *group; /* NULL: none here */
	uint32_t uid;         /* 0: none taken */
	int control;          /* front's end of init's socket until MADE */
	uint64_t device;      /* of its tmpfs, from MADE on */
	enum box_proxy proxy;
	bool gone;        /* init is reaped, or its nest is dead */
	bool quarantined; /* something could not be killed */
	/* of the run at hand */
	int report;
	int listener; /* of refused calls, until STARTED takes it */
	struct loop_fd *report_watch;
	struct loop_timer *wall, *cpu, *kill;
	uint64_t time_ms, began_ns, kill_until_ns;
	bool reported, ended, killing, emptied;
	bool unborn;        /* died between fork and exec */
	struct err failure; /* before its first instruction; code 0 none */
	int wait_status;
	int64_t own_cpu_ns; /* of wait4(2), where no group counts */
	enum reason reasons[REASONS_MAX];
	unsigned reason_count;
};

struct server {
	struct loop *loop;
	int front;
	struct loop_fd *front_watch;
	const char *share;
	const char *egress;              /* program of the proxy; NULL: none */
	struct egress_link *egress_link; /* NULL: not running */
	struct machine machine;
	struct state state;
	struct cgroup_root groups;
	struct uids *uids; /* NULL: boxes have the caller's */
	struct nest_link *nests;
	struct box *boxes;
	unsigned box_count;
	char *title; /* argv and environment of this process */
	size_t title_len;
	hands_watch_fn *watch; /* of tests; NULL: none */
	bool over;             /* the front is gone: end everything */
	struct wire_packet packet;
};
