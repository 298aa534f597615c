/* SPDX-License-Identifier: Apache-2.0 */
/* lo comes up, and the proxy's socket, if any, listens there. Everything else of
 * the network stays absent. */
#include "executor/jail/loopback.h"

#include "executor/base/fd.h"
#include "executor/base/str.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define BACKLOG 128 /* waits while the proxy is at its maximum */

int loopback_up(struct err *err)
{
	struct ifreq req = { 0 };
	_auto_close_ int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return err_sys(err, errno, "opening a socket");
	str_copy(req.ifr_name, sizeof(req.ifr_name), "lo");
	req.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(sock, SIOCSIFFLAGS, &req) < 0)
		return err_sys(err, errno, "bringing up lo");
	return 0;
}

int loopback_listen(uint16_t port, struct err *err)
{
	const struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	_auto_close_ int sock =
		socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return err_sys(err, errno, "opening a socket");
	if (bind(sock, (const struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(sock, BACKLOG) < 0)
		return err_sys(err, errno, "listening on 127.0.0.1:%u", port);
	return fd_take(&sock);
}
