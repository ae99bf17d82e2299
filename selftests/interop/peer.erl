#!/usr/bin/env escript
%% SPDX-License-Identifier: GPL-2.0
%%
%% A foreign peer on Erlang/OTP's own UDP: announces this host every 15 s and
%% prints whom it hears. It knows nothing of mcpeer but the plain datagram:
%% 239.2.3.4, UDP port 49001, "multitastic:" and the host's name.

-define(GROUP, {239, 2, 3, 4}).
-define(PORT, 49001).
-define(PREFIX, "multitastic:").
-define(INTERVAL, 15000).

main(_) ->
    {ok, Socket} = gen_udp:open(?PORT, [binary,
                                        {active, true},
                                        {reuseaddr, true},
                                        {multicast_ttl, 1},
                                        {multicast_loop, true}]),
    ok = join(Socket),
    {ok, Name} = inet:gethostname(),
    self() ! announce,
    loop(Socket, list_to_binary(Name)).

%% An interface may have to come first.
join(Socket) ->
    case inet:setopts(Socket, [{add_membership, {?GROUP, {0, 0, 0, 0}}}]) of
        ok ->
            ok;
        {error, _} ->
            timer:sleep(100),
            join(Socket)
    end.

loop(Socket, Name) ->
    receive
        announce ->
            ok = gen_udp:send(Socket, ?GROUP, ?PORT, [?PREFIX, Name]),
            erlang:send_after(?INTERVAL, self(), announce);
        {udp, Socket, _, _, <<?PREFIX, Name/binary>>} ->
            own;
        {udp, Socket, Address, _, <<?PREFIX, Other/binary>>} ->
            io:format("~s ~s~n", [Other, inet:ntoa(Address)]);
        {udp, Socket, _, _, _} ->
            other
    end,
    loop(Socket, Name).
