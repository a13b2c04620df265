// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/standing.h"

#include <sys/socket.h>

#include "model/field.h"
#include "util/translate.h"

enum {
	HELD_BY_ONE = 20, /* held by one process this long: worth a look; half-close is legal */
};

void standing_add(struct standing *s, const struct row *row)
{
	const struct socket *sk = row->socket;
	uint64_t age;
	bool known = socket_age(sk, &age);

	s->count++;
	s->inet += sk->family == AF_INET;
	s->inet6 += sk->family == AF_INET6;
	s->by_situation[row->verdict.situation - situations]++;
	s->without_inode += !sk->inode;
	s->held += sk->inode != 0;
	s->unknown += sk->inode && (!known || sk->owners == OWNER_NONE);
	if (known && (!s->have_oldest || age > s->oldest_ms))
		s->oldest_ms = age;
	s->have_oldest |= known;
}

typedef struct standing_verdict verdict;

/* A situation worth a look, and what is said of its number. */
struct noted {
	enum situation_name situation;
	const char *message;
};

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
		return notice(N_("{count} with a full accept queue: look there first."), full);
	return fine(N_("No accept queue is full."), 0);
}

static verdict judge_syn_sent(const struct standing *s)
{
	uint64_t unanswered = s->by_situation[SITUATION_SYN_SENT_UNANSWERED];

	if (unanswered)
		return notice(N_("{count} unanswered so far: see which destinations, and whose."),
			      unanswered);
	return fine(N_("All are within their first second: no problem."), 0);
}

static verdict judge_syn_received(const struct standing *s)
{
	uint64_t unanswered = s->by_situation[SITUATION_SYN_RECEIVED_UNANSWERED];

	if (unanswered)
		return notice(
			N_("{count} unanswered so far; rows alone prove no flood, see above."),
			unanswered);
	return fine(N_("Nothing unusual in these rows; rows alone do not rule out a flood."), 0);
}

/* Of several things worth a look, the one with most sockets. */
static verdict most_of(const struct standing *s, const struct noted *noted, size_t n)
{
	verdict worst = fine(N_("Nothing unusual."), 0);

	for (size_t i = 0; i < n; i++) {
		uint64_t count = s->by_situation[noted[i].situation];

		if (count > worst.count)
			worst = notice(noted[i].message, count);
	}
	return worst;
}

static verdict judge_established(const struct standing *s)
{
	static const struct noted noted[] = {
		{SITUATION_ESTABLISHED_NOT_ACCEPTED,
		 N_("{count} not accepted yet: no program has seen them.")},
		{SITUATION_ESTABLISHED_PEER_WINDOW_CLOSED,
		 N_("{count} wait for a peer that does not read.")},
		{SITUATION_ESTABLISHED_BLOCKED,
		 N_("{count} cannot send: nothing leaves this host.")},
		{SITUATION_ESTABLISHED_PROBING, N_("{count} cannot send: the kernel probes.")},
		{SITUATION_ESTABLISHED_RETRANSMITTING, N_("{count} are retransmitting.")},
		{SITUATION_ESTABLISHED_KEEPALIVE_UNANSWERED,
		 N_("{count} get no answer to keepalive probes.")},
	};

	return most_of(s, noted, sizeof(noted) / sizeof(noted[0]));
}

/* Orphans are counted and limited for the whole host, not by state. */
static verdict judge_orphans(const struct standing *s, const struct snapshot *snapshot)
{
	verdict v = {.message =
			     N_("{count} orphans on the whole host; tcp_max_orphans is {limit}.")};

	if (!s->without_inode)
		return fine(N_("None is an orphan."), 0);
	if (!snapshot->namespace_count ||
	    !netns_counter(&snapshot->namespaces[0], "sockstat.TCP.orphan", &v.count))
		return fine(N_("{count} orphans."), s->without_inode);
	v = with_limit(v, snapshot, SYSCTL_tcp_max_orphans);
	if (!v.limit)
		return fine(N_("{count} orphans on the whole host."), v.count);
	v.notice = v.percent >= 50;
	return v;
}

static verdict judge_held(const struct standing *s)
{
	verdict v;

	if (!s->held)
		return fine(N_("None is held by a program: no problem."), 0);
	if (s->most_by_process >= HELD_BY_ONE) {
		v = notice(
			N_("One process has held {most} for a minute or longer: look at it first."),
			s->held);
		v.most = s->most_by_process;
		return v;
	}
	if (s->unknown >= HELD_BY_ONE)
		return notice(N_("{count} held, of which process or since when is not known here."),
			      s->unknown);
	return fine(N_("{count} held by programs: few or young, no problem unless they grow."),
		    s->held);
}

static verdict judge_close_wait(const struct standing *s)
{
	uint64_t waiting = s->by_situation[SITUATION_CLOSE_WAIT_NEVER_ACCEPTED];
	verdict held = judge_held(s);

	if (waiting && (!held.notice || waiting > s->held))
		return notice(
			N_("{count} never accepted: their listener's program is stuck or slow."),
			waiting);
	return held;
}

static verdict judge_time_wait(const struct standing *s, const struct snapshot *snapshot)
{
	const struct sysctl_value *range = snapshot_sysctl(snapshot, 0, SYSCTL_ip_local_port_range);
	verdict v = with_limit(
		fine(N_("{percent}% of tcp_max_tw_buckets ({limit}): no problem."), s->count),
		snapshot, SYSCTL_tcp_max_tw_buckets);

	if (range && range->upper >= range->value &&
	    s->most_on_pair * 2 > (uint64_t)(range->upper - range->value + 1)) {
		v.message = N_("{most} to one destination, of {limit} local ports: new connections "
			       "there may fail.");
		v.most = s->most_on_pair;
		v.limit = (uint64_t)(range->upper - range->value + 1);
		v.notice = true;
	} else if (!v.limit) {
		v.message = N_("Their number alone is no problem.");
	} else if (v.percent >= 90) {
		v.message = N_("{percent}% of tcp_max_tw_buckets ({limit}): beyond it the state is "
			       "skipped.");
		v.notice = true;
	}
	return v;
}

struct standing_verdict standing_judge(unsigned state, const struct standing *s,
				       const struct snapshot *snapshot)
{
	if (!s->count)
		return fine(N_("None here now."), 0);
	switch (state) {
	case STATE_LISTEN: return judge_listen(s);
	case STATE_SYN_SENT: return judge_syn_sent(s);
	case STATE_SYN_RECEIVED: return judge_syn_received(s);
	case STATE_ESTABLISHED: return judge_established(s);
	case STATE_FIN_WAIT_2: return judge_held(s);
	case STATE_CLOSE_WAIT: return judge_close_wait(s);
	case STATE_TIME_WAIT: return judge_time_wait(s, snapshot);
	case STATE_CLOSED: return fine(N_("Each keeps one port from others."), 0);
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
