/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What client.c and client_files.c share of a box; for these two only. */
#include "executor/broker/client.h"
#include "executor/broker/wire.h"
#include <stdbool.h>

struct loop_fd;
struct file_request;

struct broker_box {
	struct broker_box *next;
	struct broker *broker;
	uint32_t number;
	struct broker_box_events events;
	struct limits limits;
	bool made, lost; /* the caller was told */
	/* files */
	int control; /* to init, -1 */
	struct loop_fd *watch;
	uint64_t device;                    /* of the box's tmpfs */
	struct file_request *first, **last; /* the first is in flight */
	struct wire_packet *packet;
	/* refused system calls of the running program */
	int listener; /* -1 */
	struct loop_fd *denied_watch;
	unsigned denied_count;
	char denied[32]; /* the first one's name */
};

/* A program runs with this listener (taken; -1: none). Forgets the last one. */
void client_denied_begin(struct broker_box *x, struct loop *l, int listener);

/* Closes it; refused calls are ENOSYS from then on. */
void client_denied_end(struct broker_box *x);

/* Init's socket has come: files can be asked for. Takes fd. */
int client_files_begin(struct broker_box *x, struct loop *l, int fd,
		       struct err *err);

/* Frees the queue and closes; no callback is called. */
void client_files_end(struct broker_box *x);
