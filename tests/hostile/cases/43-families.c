/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets of every family and kind; three families exist, none of them raw. */
#include "probe.h"
#include <fcntl.h>
#include <sys/socket.h>

static int allowed(int family)
{
	return family == AF_UNIX || family == AF_INET || family == AF_INET6;
}

int main(void)
{
	char name[64];
	int pair[2];

	for (int family = 0; family < 128; family++)
		for (int type = 1; type < 11; type++) {
			snprintf(name, sizeof(name), "family %d type %d",
				 family, type);
			if (!allowed(family))
				REFUSED(name, socket(family, type, 0),
					EAFNOSUPPORT);
		}
	/* SOCK_RAW of AF_UNIX is another word for datagrams */
	for (int type = SOCK_RAW; type < 11; type++) {
		if (type == SOCK_SEQPACKET)
			continue;
		REFUSED("a raw socket", socket(AF_INET, type, 0), EPERM, EINVAL,
			EPROTONOSUPPORT, ESOCKTNOSUPPORT);
		REFUSED("a raw socket", socket(AF_INET6, type, 58), EPERM,
			EINVAL, EPROTONOSUPPORT, ESOCKTNOSUPPORT);
	}
	REFUSED("a family beyond 32 bits",
		syscall(SYS_socket, (1UL << 32) | 16, SOCK_RAW, 0),
		EAFNOSUPPORT);
	REFUSED("a negative family", socket(-1, SOCK_STREAM, 0), EAFNOSUPPORT);
	for (int protocol = 0; protocol < 256; protocol++)
		REFUSED("a raw socket", socket(AF_INET, SOCK_RAW, protocol),
			EPERM, EPROTONOSUPPORT, ESOCKTNOSUPPORT);
	REFUSED("vsock pair", socketpair(40, SOCK_STREAM, 0, pair),
		EAFNOSUPPORT);
	REFUSED("alg", socket(38, SOCK_SEQPACKET, 0), EAFNOSUPPORT);
	return probe_end();
}
