/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * Runs a seccomp program as the kernel would, without making the call: filters
 * are compared over all numbers and many arguments this way. That the kernel
 * agrees is filter_test's, which makes real calls.
 */
#include <stddef.h>
#include <stdint.h>

struct seccomp_data;

/* What `code`, `len` instructions of struct sock_filter, returns for `data`;
 * UINT32_MAX for an instruction that seccomp does not know. */
uint32_t bpf_run(const void *code, size_t len, const struct seccomp_data *data);
