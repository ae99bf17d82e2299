# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced after lib.sh: look up, download and unpack Debian packages without
# installing them and without being root. apt gets its own state directory,
# where no package is installed; the package hosts, their keys and a proxy are
# those the machine itself is configured with.

# How long an answer of the archive counts as current, in minutes.
APT_FRESH=${MCPEER_APT_FRESH:-720}

# The host's own apt knows where the archive is. For the host's suite its
# sources are used as they are, for another suite the same URIs are.
apt_sources()
{
	local suite=$1 host base keyring options='' uri release component

	host=$(host_suite)
	base=${suite%-backports}
	for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
		if [ -r "$keyring" ]; then
			options="[signed-by=$keyring] "
		fi
	done
	# shellcheck disable=SC2016
	env -u APT_CONFIG apt-get indextargets \
		--format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
		'Created-By: Packages' | sort -u |
	while read -r uri release component; do
		if [ "$component" != main ]; then
			continue
		fi
		case $release in
		"$host")
			echo "deb $options$uri $base main"
			if [ "$suite" != "$base" ]; then
				echo "deb $options$uri $suite main"
			fi
			;;
		"$host"-updates | "$host"-security)
			echo "deb $options$uri $base${release#"$host"} main"
			;;
		esac
	done
}

# Prepare the state directory of SUITE and point apt at it.
apt_use()
{
	local suite=$1 host

	APT_DIR=$CACHE/apt/$suite
	mkdir -p "$APT_DIR"/{state,cache/archives/partial}
	: >>"$APT_DIR/status"
	exec 8>"$APT_DIR/lock"
	flock 8
	host=$(host_suite)
	{
		# Not the host's whole configuration: its hooks are for its
		# own state. How to reach the archive is in Acquire.
		env -u APT_CONFIG apt-config dump Acquire |
			grep -v -e '^Acquire "' -e '::IndexTargets' || true
		cat <<-EOT
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		APT::Install-Recommends "false";
		Dir::State "$APT_DIR/state";
		Dir::State::status "$APT_DIR/status";
		Dir::Cache "$APT_DIR/cache";
		Dir::Etc::Main "/dev/null";
		Dir::Etc::Parts "/dev/null";
		EOT
		if [ "$suite" != "$host" ]; then
			# Others may be reading it.
			apt_sources "$suite" >"$APT_DIR/sources.list.new"
			mv "$APT_DIR/sources.list.new" "$APT_DIR/sources.list"
			cat <<-EOT
			Dir::Etc::SourceList "$APT_DIR/sources.list";
			Dir::Etc::SourceParts "/dev/null";
			EOT
			if [ "$suite" != "${suite%-backports}" ]; then
				echo "APT::Default-Release \"$suite\";"
			fi
		fi
	} >"$APT_DIR/apt.conf.new"
	mv "$APT_DIR/apt.conf.new" "$APT_DIR/apt.conf"
	export APT_CONFIG=$APT_DIR/apt.conf
	apt_refresh
	flock -u 8
}

# Ask the archive again when our knowledge of it is old. Without network what
# we know still serves.
apt_refresh()
{
	local log=$APT_DIR/update.log

	if [ -n "$(find "$APT_DIR/updated" -mmin "-$APT_FRESH" 2>/dev/null)" ]; then
		return
	fi
	say APT "package lists of ${APT_DIR##*/}"
	# Success with warnings may mean that nothing could be fetched.
	if apt-get -q update >"$log" 2>&1 && ! grep -q '^[EW]: Failed' "$log"; then
		touch "$APT_DIR/updated"
		rm -f "$APT_DIR"/resolved.*
	elif [ -e "$APT_DIR/updated" ]; then
		say APT "archive not reachable, using the lists of $(date -r "$APT_DIR/updated" +%F)"
	else
		tail -n 5 "$log" >&2
		die "cannot read the package lists, see $log"
	fi
}

# What apt answered is kept until the lists are newer, in files resolved.*. They
# are made and read under the lock that whoever fetches lists holds, and get
# their names when they are complete.

# apt_has PACKAGE: is there such a package?
apt_has()
{
	local known=$APT_DIR/resolved.has-$1 answer

	flock 8
	if [ ! -s "$known" ]; then
		if apt-cache -q show "$1" >/dev/null 2>&1; then
			echo yes
		else
			echo no
		fi >"$known.new"
		mv "$known.new" "$known"
	fi
	answer=$(cat "$known")
	flock -u 8
	[ "$answer" = yes ]
}

# apt_resolve PACKAGE...: these and all they depend on, as lines "name version".
apt_resolve()
{
	local known

	known=$APT_DIR/resolved.$(cache_key "$*")
	flock 8
	if [ ! -s "$known" ]; then
		# A line is 'URI' NAME_VERSION_ARCH.deb SIZE HASH.
		apt-get -q -y --print-uris install "$@" >"$known.uris" 2>"$APT_DIR/resolve.log" || {
			tail -n 5 "$APT_DIR/resolve.log" >&2
			rm -f "$known.uris"
			flock -u 8
			die "cannot resolve $*"
		}
		sed -n "s/^'.*' \([^_]*\)_\([^_]*\)_[^_]*\.deb .*/\1 \2/p" \
			"$known.uris" | sed 's/%3a/:/' | sort >"$known.new"
		mv "$known.new" "$known"
		rm -f "$known.uris"
	fi
	cat "$known"
	flock -u 8
}

# apt_unpack DIR PACKAGE...: download these, and only these, and unpack them.
# The packages lie below DIR meanwhile: if we are killed they go where it goes.
apt_unpack()
{
	local dir=$1 debs deb

	shift
	debs=$(mktemp -d "$dir/download.XXXXXX")
	say FETCH "$# packages of ${APT_DIR##*/}"
	(cd "$debs" && apt-get -q download "$@" >"$debs/log" 2>&1) || {
		tail -n 5 "$debs/log" >&2
		# The lists may be older than the archive: ask again next time.
		touch -d @0 "$APT_DIR/updated"
		rm -rf "$debs"
		die "download failed"
	}
	say UNPACK "$(du -sh "$debs" | cut -f1)"
	for deb in "$debs"/*.deb; do
		# The merged /usr is made of symlinks, which must survive
		# packages that still carry /bin or /lib.
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink --no-same-owner -C "$dir"
	done
	rm -rf "$debs"
}
