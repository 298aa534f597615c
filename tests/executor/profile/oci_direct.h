/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * A Docker or OCI seccomp file taken by its word, as runc does: every rule that
 * holds goes to libseccomp in the order of the file. What the importer's answers
 * are compared with; it shares no code with it.
 */
#include <stddef.h>

struct json;

/* The program for a process without capabilities, on amd64 or arm64 and a
 * kernel from 4.8 on; free by mem_free(). NULL when libseccomp refuses. */
void *oci_direct(const struct json *file, size_t *len);
