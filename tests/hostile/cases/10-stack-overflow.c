/* SPDX-License-Identifier: Apache-2.0 */
/* Recursion without end. */
#include "probe.h"

static int (*volatile again)(int);

static int deeper(int n)
{
	volatile char frame[4096];

	frame[n & 4095] = (char)n;
	return again(n + 1) + frame[n & 4095];
}

int main(void)
{
	again = deeper;
	puts("down");
	return again(0);
}
