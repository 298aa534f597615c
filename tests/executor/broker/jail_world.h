/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A broker and one box for tests: real processes through broker/client.h, made
 * synchronous. Everything ends with world_close().
 */
#include "executor/base/buf.h"
#include "executor/broker/client.h"
#include <stdbool.h>
#include <sys/types.h>

struct world {
	struct loop *loop;
	struct broker *broker;
	struct broker_box *box;
	struct broker_box_info info;
	struct err err; /* of made, started or lost */
	struct broker_end end;
	struct buf out; /* stdout and stderr of the last program */
	bool made, started, ended, failed, lost;
	bool settled; /* the event waited for came */
	int pipe;     /* read end of the program's output, -1 */
};

/* Starts a broker; `profile` NULL: default; WORLD_SHARE in the environment:
 * another share folder, WORLD_BROKER: another program. False: w->err says why. */
bool world_open(struct world *w, const char *profile,
		const struct limits *limits);
void world_close(struct world *w);

/* Another box in the same world replaces w->box. */
bool world_box(struct world *w, const char *profile,
	       const struct limits *limits, int tier);

/* Starts and waits until it ended, failed or is lost; true if it ended. */
bool world_run(struct world *w, const char *const *argv);

/* world_run of `sh -c SCRIPT`. */
bool world_sh(struct world *w, const char *script);

/* Starts and waits only until it runs. */
bool world_start(struct world *w, const char *const *argv);

/* Waits for the end of what world_start() began. */
bool world_wait(struct world *w);

/* Turns the loop until *flag, at most a minute. */
bool world_until(struct world *w, const bool *flag);

/* Exit status, or -signal, or -1000 when there is none. */
int world_status(const struct world *w);

/* Process numbers of the broker, its nest and the (newest) box's init; 0 if
 * none. */
pid_t world_broker(void);
pid_t world_child(pid_t of);

/* Parent of a process; 0 if there is no such. */
pid_t world_parent(pid_t of);

/* Whether it runs: zombies do not. */
bool world_alive(pid_t pid);

/* A number of seconds that no other test sleeps; valid for good. */
const char *world_mark(void);

/* Number of processes whose command line contains `text`. */
int world_processes(const char *text);

/* Waits until no process has `text` in its command line, at most 30 s. */
bool world_all_gone(const char *text);

/* The id of a living broker; "" if it cannot be found. */
#define WORLD_ID 64
void world_broker_id(pid_t broker, char id[WORLD_ID]);

/* Number of cgroup folders of the broker with that id. */
int world_groups(const char *id);
