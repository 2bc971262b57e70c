package org.audienceactivation.accounting;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The books of a run: one account per destination, fixed at the start. Thread-safe.
 *
 * <p>Conservation is the promise: once nothing is in flight, each destination's outcomes add up to
 * what it received.
 */
public final class Ledger {
  private final Map<String, Account> accounts = new LinkedHashMap<>();

  public Ledger(Collection<String> destinations) {
    destinations.stream().sorted().forEach(name -> accounts.put(name, new Account()));
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
