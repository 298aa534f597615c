/* SPDX-License-Identifier: Apache-2.0 */
/* Protocols beside TCP and UDP: each is kernel code that a program alone could
 * otherwise wake, even load. */
#include "probe.h"
#include <sys/socket.h>

int main(void)
{
	static const int protocols[] = {
		33 /* DCCP */,   46 /* RSVP */,      115 /* L2TP */,
		132 /* SCTP */,  136 /* UDP-Lite */, 256 /* SMC */,
		262 /* MPTCP */,
	};
	static const int families[] = { AF_INET, AF_INET6 };
	char name[64];

	for (unsigned i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		for (int f = 0; f < 2; f++)
			for (int type = 1; type < 7; type++) {
				snprintf(name, sizeof(name),
					 "protocol %d family %d type %d",
					 protocols[i], families[f], type);
				REFUSED(name,
					socket(families[f], type, protocols[i]),
					EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPERM,
					EINVAL, EAFNOSUPPORT);
			}
	for (int f = 0; f < 2; f++) {
		HOLDS("TCP", socket(families[f], SOCK_STREAM, 6) >= 0);
		HOLDS("UDP", socket(families[f], SOCK_DGRAM, 17) >= 0);
		HOLDS("TCP by default",
		      socket(families[f], SOCK_STREAM, 0) >= 0);
	}
	return probe_end();
}
