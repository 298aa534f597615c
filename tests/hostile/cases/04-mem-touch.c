/* SPDX-License-Identifier: Apache-2.0 */
/* Takes memory for ever and writes to all of it. "child": in a process of its
 * own, whose death the program survives. "many": by forty processes. */
#include "probe.h"
#include <sys/mman.h>
#include <sys/wait.h>

#define PIECE (1UL << 20)

static void hog(void)
{
	for (;;) {
		char *p = mmap(NULL, PIECE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p != MAP_FAILED)
			memset(p, 1, PIECE);
	}
}

int main(int argc, char **argv)
{
	int n = argc > 1 && !strcmp(argv[1], "many") ? 40 : 1;
	int status = 0, killed = 0;

	if (argc < 2)
		hog();
	for (int i = 0; i < n; i++)
		if (fork() == 0)
			hog();
	for (int i = 0; i < n; i++)
		if (wait(&status) > 0 && WIFSIGNALED(status) &&
		    WTERMSIG(status) == 9)
			killed++;
	printf("%d killed\n", killed);
	return 0;
}
