/* SPDX-License-Identifier: Apache-2.0 */
/* Looks at no byte. */
#include "executor/egress/proxy_tunnel.h"

static bool move_all(struct proxy_side *from, struct proxy_side *to)
{
	size_t room = proxy_side_room(to);
	size_t len = from->in.len < room ? from->in.len : room;

	if (!len)
		return false;
	proxy_side_move(from, to, len);
	return true;
}

static bool has_ended(const struct proxy_side *s)
{
	return (s->eof || s->broken) && !s->in.len;
}

bool proxy_tunnel_step(struct proxy_side *client, struct proxy_side *server,
		       bool *done)
{
	bool moved = move_all(client, server);

	moved |= move_all(server, client);
	/* the end of one direction is the end of the other's writing half */
	if (has_ended(client))
		moved |= proxy_side_shut(server);
	if (has_ended(server))
		moved |= proxy_side_shut(client);
	*done = (client->shut && server->shut) ||
		(server->broken && !server->in.len);
	return moved;
}
