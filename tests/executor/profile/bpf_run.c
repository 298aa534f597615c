/* SPDX-License-Identifier: Apache-2.0 */
/* The instructions that seccomp programs consist of, and no others. */
#include "tests/executor/profile/bpf_run.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <string.h>

static bool jumps(uint16_t op, uint32_t a, uint32_t k)
{
	switch (BPF_OP(op)) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGT:
		return a > k;
	case BPF_JGE:
		return a >= k;
	default:
		return a & k; /* BPF_JSET */
	}
}

uint32_t bpf_run(const void *code, size_t len, const struct seccomp_data *data)
{
	const struct sock_filter *f = code;
	uint32_t a = 0;

	for (size_t pc = 0; pc < len; pc++) {
		uint32_t k = f[pc].k;

		switch (f[pc].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (k > sizeof(*data) - sizeof(a))
				return UINT32_MAX;
			memcpy(&a, (const char *)data + k, sizeof(a));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= k;
			break;
		case BPF_JMP | BPF_JA:
			pc += k;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
		case BPF_JMP | BPF_JGT | BPF_K:
		case BPF_JMP | BPF_JGE | BPF_K:
		case BPF_JMP | BPF_JSET | BPF_K:
			pc += jumps(f[pc].code, a, k) ? f[pc].jt : f[pc].jf;
			break;
		case BPF_RET | BPF_K:
			return k;
		default:
			return UINT32_MAX;
		}
	}
	return UINT32_MAX;
}
