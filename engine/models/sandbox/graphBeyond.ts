const re = (pattern: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${pattern})(?![\p{L}\p{N}])`, 'iu');

/** "Do not remove A" asks for nothing to be done; "I do not want A any more" does. */
const forbids = re(
  String.raw`^(?:n[aã]o|nunca|jamais|nem|never|don['’]?t|do not|cannot|can['’]t)(?!\s+(?:quer\w*|precis\w*|want|need)(?![\p{L}]))`,
);
const asksBack = re(
  String.raw`^(?:por ?qu[eê]|porqu[eê]|why|what|what['’]s|which|who|where|when (?:does|do|is|will)|how|quem|qual|quais|onde|quantos?|quantas?|como|o que|que passos?|is|are|does|do you|did|existem?|tem (?:algum|um|uma|o|a)|h[aá] (?:algum|um|uma))`,
);
/** Whether it is done would hang on something that no step asks. */
const hedges = re(
  String.raw`s[oó](?=\s+(?:n[oa]s?|quando|se|d[eou]|em|pr[ao]|para|às?|aos?)(?!\p{L}))|somente|apenas|only|unless|except|exceto|a n[aã]o ser|a menos|talvez|maybe|perhaps|sempre que|whenever|fim de semana|fins de semana|weekends?|feriados?|holidays?|(?:every|each|tod[oa]s?(?: [oa]s?)?|cada|aos?|às?|on|na|no) (?:segundas?|ter[cç]as?|quartas?|quintas?|sextas?|s[aá]bados?|domingos?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|dias?|days?|vez|time|semanas?|weeks?|m[eê]s|month)`,
);
/** A condition behind what is to be done: "remove A if nobody answers". */
const condition = re(
  String.raw`(?:^.*\S)(?<!\s(?:an?|uma?|o|the|new|novo))[\s,]+(?:se|caso|if|quando|when)(?!\s+(?:der|d[aá]|chega\w*|(?:the )?message))\s+.+`,
);
const conditionFirst = re(
  String.raw`^(?:se|caso|if|quando|when|on|em caso|no erro|depois que|ap[oó]s|antes que|once|assim que|as soon)`,
);

/** Whether a clause asks for something that no plain change is: not to do it, to be told why, or to do it now and then. Names and quotes are hidden. */
export const isBeyond = (clause: string): boolean =>
  forbids.test(clause) ||
  asksBack.test(clause) ||
  hedges.test(clause) ||
  (!conditionFirst.test(clause) && condition.test(clause));
