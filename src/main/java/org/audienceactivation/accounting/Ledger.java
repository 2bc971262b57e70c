package org.audienceactivation.accounting;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The books of a run: one account for each destination that the run has or has had. Thread-safe.
 *
 * <p>Conservation is the promise: once nothing is in flight, each destination's outcomes add up to
 * what it received.
 */
public final class Ledger {
  private final ConcurrentNavigableMap<String, Account> accounts = new ConcurrentSkipListMap<>();

  private final LedgerWatch watch;

  public Ledger(Collection<String> destinations) {
    this(destinations, LedgerWatch.NOBODY);
  }

  public Ledger(Collection<String> destinations, LedgerWatch watch) {
    this.watch = watch;
    destinations.forEach(this::open);
  }

  /** The account of a destination, which from now on the run has. */
  public Account open(String destination) {
    return accounts.computeIfAbsent(destination, name -> new Account(name, watch));
  }

  /**
   * The account of a destination, or one that the run would have if it were given to {@link
   * #enter}: whether it will is not known yet.
   */
  public Account prepare(String destination) {
    return Optional.ofNullable(accounts.get(destination))
        .orElseGet(() -> new Account(destination, watch));
  }

  /** From now on the run has the destination with this account, unless it has it already. */
  public void enter(String destination, Account account) {
    accounts.putIfAbsent(destination, account);
  }

  /**
   * The account of one destination.
   *
   * @throws IllegalArgumentException for a destination that the run does not have
   */
  public Account account(String destination) {
    Account account = accounts.get(destination);
    if (account == null) {
      throw new IllegalArgumentException("no account for destination " + destination);
    }
    return account;
  }

  /** Totals by destination, in alphabetical order of the names. */
  public Map<String, Totals> totals() {
    Map<String, Totals> totals = new LinkedHashMap<>();
    accounts.forEach((name, account) -> totals.put(name, account.totals()));
    return totals;
  }
}
