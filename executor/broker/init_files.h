/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Files of a box, for the front: a file moves as a descriptor, never as bytes
 * through init. Every path is walked beneath /workspace or /tmp; what is found
 * may change at any moment, by user code that has the same rights.
 */
struct wire_packet;

/* Answers one request of the front. -1: the front cannot be answered. */
int init_files_serve(int front, struct wire_packet *p);
