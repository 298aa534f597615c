/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libexec/coop/egress: started by the broker with its socket as descriptor 3
 * and the log of decisions as 4. Takes no arguments and says nothing: its death
 * says enough.
 */
#include "executor/egress/proxy.h"

#include <fcntl.h>
#include <unistd.h>

#define BROKER_FD 3
#define LOG_FD 4

int main(int argc, char **argv)
{
	if (argc != 1 || fcntl(BROKER_FD, F_SETFD, FD_CLOEXEC) < 0)
		return 125;
	close_range(LOG_FD + 1, ~0U, 0);
	/* the broker may have none to give */
	int log = fcntl(LOG_FD, F_SETFD, FD_CLOEXEC) < 0 ? -1 : LOG_FD;
	return proxy_serve(BROKER_FD, log, NULL) ? 125 : 0;
}
