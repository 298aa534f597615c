#include "helper.h"
#include <stdio.h>

int main(void)
{
	puts(GREETING "world");
	return 0;
}
