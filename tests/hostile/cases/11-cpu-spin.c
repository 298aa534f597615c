/* SPDX-License-Identifier: Apache-2.0 */
/* Four spin at once: threads, or "processes", which no per-process limit sees
 * as one. */
#include "probe.h"
#include <pthread.h>

static void *spin(void *arg)
{
	for (volatile unsigned long n = 0;; n++)
		;
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t t;

	for (int i = 0; i < 3; i++) {
		if (argc > 1) {
			if (fork() == 0)
				spin(NULL);
		} else {
			pthread_create(&t, NULL, spin, NULL);
		}
	}
	spin(NULL);
	return 0;
}
