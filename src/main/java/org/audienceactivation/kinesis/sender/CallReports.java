package org.audienceactivation.kinesis.sender;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.Failed;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.NotStored;
import org.audienceactivation.kinesis.sender.SenderListener.CallReport;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;

/** Sums a call up for those who listen. */
final class CallReports {

  private CallReports() {}

  static CallReport of(
      List<Pending> call, CallAnswer answer, List<ShardUse> shards, long nanos, long now) {
    long bytes = 0;
    for (Pending pending : call) {
      bytes += pending.bytes();
    }
    if (answer instanceof Failed failed) {
      String code = failed.failure().code();
      return new CallReport(
          call.size(), bytes, nanos, Optional.of(code), Map.of(code, call.size()), shards, 0);
    }
    List<RecordAnswer> answers = ((Answered) answer).records();
    Map<String, Integer> notStored = new HashMap<>(0);
    long oldest = 0;
    for (int i = 0; i < call.size(); i++) {
      if (answers.get(i) instanceof NotStored failure) {
        notStored.merge(failure.failure().code(), 1, Integer::sum);
      } else {
        oldest = Math.max(oldest, now - call.get(i).waitingSince());
      }
    }
    return new CallReport(call.size(), bytes, nanos, Optional.empty(), notStored, shards, oldest);
  }
}
