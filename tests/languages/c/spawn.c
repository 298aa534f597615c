#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *number(void *arg)
{
	return arg;
}

int main(void)
{
	pthread_t threads[4];
	long sum = 0;

	for (long i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, number, (void *)i))
			return 1;
	for (int i = 0; i < 4; i++) {
		void *n;

		pthread_join(threads[i], &n);
		sum += (long)n;
	}
	printf("%ld ", sum);
	fflush(stdout);
	return system("echo child");
}
