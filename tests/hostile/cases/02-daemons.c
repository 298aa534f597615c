/* SPDX-License-Identifier: Apache-2.0 */
/* Daemons in sessions of their own, deaf to signals, their parent long gone;
 * then the program itself ends well. */
#include "probe.h"
#include <signal.h>
#include <sys/wait.h>

static void daemon_forever(int alive)
{
	setsid();
	for (int s = 1; s < 65; s++)
		signal(s, SIG_IGN);
	if (fork() > 0)
		_exit(0);
	setsid();
	write(alive, "x", 1);
	fork(); /* two of each kind, well below the limit of processes */
	for (;;)
		pause();
}

int main(void)
{
	int alive[2], n = 0;
	char c;

	if (pipe(alive))
		return 1;
	for (int i = 0; i < 16; i++)
		if (fork() == 0)
			daemon_forever(alive[1]);
	while (n < 16 && read(alive[0], &c, 1) == 1)
		n++;
	printf("%d daemons\n", n);
	return 0;
}
