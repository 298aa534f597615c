#include <signal.h>
#include <stdio.h>

int main(void)
{
	puts("printed");
	raise(SIGKILL);
	return 0;
}
