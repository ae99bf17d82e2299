#!/usr/bin/env escript
%% SPDX-License-Identifier: GPL-2.0
%%
%% registry.erl ADDRESS [LIFETIME]: what mcpeer does, as one does it in
%% Erlang/OTP: each peer is a process that ends when it was told nothing for so
%% many milliseconds. A receiver hands what it hears to the registry, which has
%% the peer's process note it, or starts one; a table is where others look peers
%% up, and a keeper takes those out of it whose process has ended.
%%
%% It answers each line on its input with the number of peers, and ends with its
%% input. With a lifetime it tells of the end of each peer, with its time in
%% nanoseconds.

-mode(compile).

-define(GROUP, {239, 2, 3, 4}).
-define(PORT, 49001).
-define(PREFIX, "multitastic:").
-define(LIFETIME, 35000).
-define(RECEIVE_BUFFER, 64 bsl 20).

-export([init/1, handle_call/3, handle_cast/2, handle_info/2, start_entry/4]).

main([Address]) ->
    run(Address, ?LIFETIME, false);
main([Address, Lifetime]) ->
    run(Address, list_to_integer(Lifetime), true).

run(Address, Lifetime, Tell) ->
    ets:new(peers, [named_table, public, {read_concurrency, true}]),
    ets:new(owners, [named_table, public]),
    {ok, _} = gen_server:start_link({local, keeper}, ?MODULE, keeper, []),
    {ok, _} = supervisor:start_link({local, entries}, ?MODULE,
                                    {entries, Lifetime, Tell}),
    {ok, _} = gen_server:start_link({local, registry}, ?MODULE, registry, []),
    {ok, Interface} = inet:parse_address(Address),
    {ok, _} = gen_server:start_link(?MODULE, {receiver, Interface}, []),
    io:format("ready~n"),
    answer().

answer() ->
    case io:get_line("") of
        eof ->
            halt();
        _ ->
            io:format("~b~n", [ets:info(peers, size)]),
            answer()
    end.

start_entry(Lifetime, Tell, Name, Address) ->
    gen_server:start_link(?MODULE, {entry, Lifetime, Tell, Name, Address}, []).

init({receiver, Interface}) ->
    {ok, Socket} = gen_udp:open(?PORT, [binary,
                                        {active, true},
                                        {reuseaddr, true},
                                        {ip, ?GROUP},
                                        {recbuf, ?RECEIVE_BUFFER},
                                        {add_membership,
                                         {?GROUP, Interface}}]),
    {ok, {receiver, Socket}};
init(registry) ->
    {ok, registry};
init(keeper) ->
    process_flag(trap_exit, true),
    {ok, keeper};
init({entries, Lifetime, Tell}) ->
    {ok, {#{strategy => simple_one_for_one},
          [#{id => entry,
             start => {?MODULE, start_entry, [Lifetime, Tell]},
             restart => transient}]}};
init({entry, Lifetime, Tell, Name, Address}) ->
    link(whereis(keeper)),
    true = ets:insert_new(peers, {Name, self(), Address}),
    ets:insert(owners, {self(), Name}),
    {ok, {entry, Lifetime, Tell, Name}, Lifetime}.

handle_call({update, Address}, _, {entry, Lifetime, _, Name} = State) ->
    ets:update_element(peers, Name, {3, Address}),
    {reply, ok, State, Lifetime}.

handle_cast({register, Name, Address}, registry) ->
    case ets:lookup(peers, Name) of
        [{_, Entry, _}] ->
            try
                ok = gen_server:call(Entry, {update, Address})
            catch
                exit:_ ->
                    begin_entry(Name, Address)
            end;
        [] ->
            begin_entry(Name, Address)
    end,
    {noreply, registry}.

%% One that has just ended may still be in the table.
begin_entry(Name, Address) ->
    case supervisor:start_child(entries, [Name, Address]) of
        {ok, _} ->
            ok;
        {error, _} ->
            gen_server:cast(self(), {register, Name, Address})
    end.

handle_info({udp, _, Address, _, <<?PREFIX, Name/binary>>}, State) ->
    gen_server:cast(registry, {register, Name, Address}),
    {noreply, State};
handle_info(timeout, {entry, _, Tell, Name} = State) ->
    Tell andalso io:format("~b ~s~n", [os:perf_counter(nanosecond), Name]),
    {stop, normal, State};
handle_info({'EXIT', Entry, _}, keeper) ->
    [{_, Name}] = ets:take(owners, Entry),
    ets:delete(peers, Name),
    {noreply, keeper};
handle_info(_, State) ->
    {noreply, State}.
