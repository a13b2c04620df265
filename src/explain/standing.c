// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/standing.h"

#include <sys/socket.h>

#include "explain/classify.h"
#include "model/field.h"

enum {
	MINUTE_MS = 60000,
	HELD_BY_ONE = 20, /* held by one process this long: worth a look; half-close is legal */
};

void standing_add(struct standing *s, const struct row *row)
{
	const struct socket *sk = row->socket;
	uint64_t age;

	s->count++;
	s->inet += sk->family == AF_INET;
	s->inet6 += sk->family == AF_INET6;
	s->by_situation[row->verdict.situation - situations]++;
	s->without_inode += !sk->inode;
	if (!socket_age(sk, &age))
		return;
	s->aged += age >= MINUTE_MS;
	if (!s->have_oldest || age > s->oldest_ms)
		s->oldest_ms = age;
	s->have_oldest = true;
}

typedef struct standing_verdict verdict;

static verdict fine(const char *message, uint64_t count)
{
	return (verdict){.message = message, .count = count};
}

static verdict notice(const char *message, uint64_t count)
{
	return (verdict){.message = message, .count = count, .notice = true};
}

static verdict with_limit(verdict v, const struct snapshot *snapshot, enum sysctl_name name)
{
	const struct sysctl_value *limit = snapshot_sysctl(snapshot, 0, name);

	if (limit && limit->value > 0) {
		v.limit = (uint64_t)limit->value;
		v.percent = v.count * 100 / v.limit;
	}
	return v;
}

static verdict judge_listen(const struct standing *s)
{
	uint64_t full = s->by_situation[SITUATION_LISTEN_QUEUE_FULL];

	if (full)
		return notice("{count} with a full accept queue: look there first.", full);
	return fine("No accept queue is full.", 0);
}

static verdict judge_syn_sent(const struct standing *s)
{
	uint64_t unanswered = s->by_situation[SITUATION_SYN_SENT_UNANSWERED];

	if (unanswered)
		return notice("{count} unanswered so far: see which destinations, and whose.",
			      unanswered);
	return fine("All are within their first second: no problem.", 0);
}

static verdict judge_syn_received(const struct standing *s)
{
	uint64_t unanswered = s->by_situation[SITUATION_SYN_RECEIVED_UNANSWERED];

	if (unanswered)
		return notice("{count} unanswered so far; rows alone prove no flood, see above.",
			      unanswered);
	return fine("Nothing unusual in these rows; rows alone do not rule out a flood.", 0);
}

static verdict judge_established(const struct standing *s)
{
	uint64_t waiting = s->by_situation[SITUATION_ESTABLISHED_NOT_ACCEPTED];
	uint64_t shut = s->by_situation[SITUATION_ESTABLISHED_PEER_WINDOW_CLOSED];
	uint64_t again = s->by_situation[SITUATION_ESTABLISHED_RETRANSMITTING];

	if (waiting)
		return notice("{count} not accepted yet: no program has seen them.", waiting);
	if (shut)
		return notice("{count} wait for a peer that does not read.", shut);
	if (again)
		return notice("{count} are retransmitting.", again);
	return fine("Nothing unusual.", 0);
}

static verdict judge_orphans(const struct standing *s, const struct snapshot *snapshot)
{
	verdict v = with_limit(fine("{count} orphans here; tcp_max_orphans is {limit} for the "
				    "whole host.",
				    s->without_inode),
			       snapshot, SYSCTL_tcp_max_orphans);

	if (!s->without_inode)
		return fine("None is an orphan.", 0);
	if (!v.limit)
		return fine("{count} orphans.", s->without_inode);
	v.notice = v.percent >= 50;
	return v;
}

static verdict judge_held(const struct standing *s, uint64_t held)
{
	if (!held)
		return fine("None is held by a program: no problem.", 0);
	if (s->aged && s->most_by_process >= HELD_BY_ONE) {
		verdict v = notice("One process holds {most}: look at it first.", held);

		v.most = s->most_by_process;
		return v;
	}
	return fine("{count} held by programs: few or young, no problem unless they grow.", held);
}

static verdict judge_close_wait(const struct standing *s)
{
	uint64_t waiting = s->by_situation[SITUATION_CLOSE_WAIT_NEVER_ACCEPTED];

	if (waiting)
		return notice("{count} never accepted: their listener's program is stuck or slow.",
			      waiting);
	return judge_held(s, s->count);
}

static verdict judge_time_wait(const struct standing *s, const struct snapshot *snapshot)
{
	const struct sysctl_value *range = snapshot_sysctl(snapshot, 0, SYSCTL_ip_local_port_range);
	verdict v = with_limit(
		fine("{percent}% of tcp_max_tw_buckets ({limit}): no problem.", s->count), snapshot,
		SYSCTL_tcp_max_tw_buckets);

	if (range && range->upper >= range->value &&
	    s->most_on_pair * 2 > (uint64_t)(range->upper - range->value + 1)) {
		v.message = "{most} to one destination, of {limit} local ports: new connections "
			    "there may fail.";
		v.most = s->most_on_pair;
		v.limit = (uint64_t)(range->upper - range->value + 1);
		v.notice = true;
	} else if (!v.limit) {
		v.message = "Their number alone is no problem.";
	} else if (v.percent >= 90) {
		v.message = "{percent}% of tcp_max_tw_buckets ({limit}): beyond it the state is "
			    "skipped.";
		v.notice = true;
	}
	return v;
}

struct standing_verdict standing_judge(unsigned state, const struct standing *s,
				       const struct snapshot *snapshot)
{
	if (!s->count)
		return fine("None on this host now.", 0);
	switch (state) {
	case STATE_LISTEN: return judge_listen(s);
	case STATE_SYN_SENT: return judge_syn_sent(s);
	case STATE_SYN_RECEIVED: return judge_syn_received(s);
	case STATE_ESTABLISHED: return judge_established(s);
	case STATE_FIN_WAIT_2:
		return judge_held(s, s->by_situation[SITUATION_FIN_WAIT_2_HELD_BY_APP]);
	case STATE_CLOSE_WAIT: return judge_close_wait(s);
	case STATE_TIME_WAIT: return judge_time_wait(s, snapshot);
	case STATE_CLOSED: return fine("Each keeps one port from others.", 0);
	default: return judge_orphans(s, snapshot);
	}
}

const enum sysctl_name *standing_sysctls(unsigned state)
{
	static const enum sysctl_name listen[] = {SYSCTL_somaxconn, SYSCTL_tcp_abort_on_overflow,
						  SYSCTL_COUNT};
	static const enum sysctl_name syn_sent[] = {SYSCTL_tcp_syn_retries,
						    SYSCTL_tcp_syn_linear_timeouts, SYSCTL_COUNT};
	static const enum sysctl_name syn_received[] = {SYSCTL_tcp_synack_retries,
							SYSCTL_tcp_syncookies,
							SYSCTL_tcp_max_syn_backlog, SYSCTL_COUNT};
	static const enum sysctl_name established[] = {
		SYSCTL_tcp_keepalive_time, SYSCTL_tcp_keepalive_intvl, SYSCTL_tcp_keepalive_probes,
		SYSCTL_tcp_retries2, SYSCTL_COUNT};
	static const enum sysctl_name closing[] = {SYSCTL_tcp_orphan_retries,
						   SYSCTL_tcp_max_orphans, SYSCTL_tcp_retries2,
						   SYSCTL_COUNT};
	static const enum sysctl_name fin_wait_2[] = {SYSCTL_tcp_fin_timeout, SYSCTL_COUNT};
	static const enum sysctl_name time_wait[] = {SYSCTL_tcp_max_tw_buckets, SYSCTL_tcp_tw_reuse,
						     SYSCTL_ip_local_port_range, SYSCTL_COUNT};
	static const enum sysctl_name none[] = {SYSCTL_COUNT};

	switch (state) {
	case STATE_LISTEN: return listen;
	case STATE_SYN_SENT: return syn_sent;
	case STATE_SYN_RECEIVED: return syn_received;
	case STATE_ESTABLISHED: return established;
	case STATE_FIN_WAIT_1:
	case STATE_CLOSING:
	case STATE_LAST_ACK: return closing;
	case STATE_FIN_WAIT_2: return fin_wait_2;
	case STATE_TIME_WAIT: return time_wait;
	default: return none;
	}
}
