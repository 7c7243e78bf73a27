const re = (pattern: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${pattern})(?![\p{L}\p{N}])`, 'iu');

/** "Do not remove A" asks for nothing to be done; "I do not want A any more" does. */
const forbids = re(
  String.raw`^(?:n[aã]o|nunca|jamais|nem|evit\w*|par[ae]r? de|deix[ae]r? de|never|stop|avoid|don['’]?t|do not|cannot|can['’]t)(?!\s+(?:quer\w*|precis\w*|want|need)(?![\p{L}]))|(?:n[aã]o|not)$`,
);
const asksBack = re(
  String.raw`^(?:por ?qu[eê]|porqu[eê]|why|what|what['’]s|which|who|where|when (?:does|do|is|will)|how|quem|qual|quais|onde|quantos?|quantas?|como|o que|que passos?|is|are|does|do you|did|existem?|tem (?:algum|um|uma|o|a)|h[aá] (?:algum|um|uma))`,
);
/** Whether it is done would hang on something that no step asks. */
const hedges = re(
  String.raw`s[oó](?=\s+(?:n[oa]s?|quando|se|d[eou]|em|pr[ao]s?|para|às?|aos?)(?!\p{L}))|somente|apenas|only|mas|por[eé]m|but|however|amanh[aã]|tomorrow|sometimes|[àa]s vezes|de vez em quando|pelo menos|at least|unless|except|exceto|a n[aã]o ser|a menos|talvez|maybe|perhaps|sempre que|whenever|fim de semana|fins de semana|weekends?|feriados?|holidays?|(?:every|each|tod[oa]s?(?: [oa]s?)?|cada|aos?|às?|on|na|no) (?:segundas?|ter[cç]as?|quartas?|quintas?|sextas?|s[aá]bados?|domingos?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|dias?|days?|vez|time|semanas?|weeks?|m[eê]s|month)`,
);
/** A condition behind what is to be done: "remove A if nobody answers". */
const condition = re(
  String.raw`(?:^.*\S)(?<!\s(?:an?|uma?|o|d[eoa]|n[oa]|of|the|new|novo))[\s,]+(?:se|caso|if|quando|when)(?!\s+(?:cham\w*|livr\w*|der|d[aá]|chega\w*|(?:the )?message))\s+.+`,
);
const conditionFirst = re(
  String.raw`^(?:se|caso|if|quando|when|on|em caso|in case|no erro|depois que|ap[oó]s|antes que|once|assim que|as soon)`,
);

/** What makes a clause more than a plain change; names and quotes are hidden in it. */
export type Beyond = 'forbids' | 'asksBack' | 'condition';

/** Why no plain change is what a clause asks for: it is not to be done, it is a question, or it is to be done now and then. `null` when it may be. */
export function beyond(clause: string): Beyond | null {
  if (forbids.test(clause)) return 'forbids';
  if (asksBack.test(clause)) return 'asksBack';
  return hedges.test(clause) || (!conditionFirst.test(clause) && condition.test(clause)) ? 'condition' : null;
}

/** Whether it begins with what has to happen first. */
export const isConditional = (clause: string): boolean =>
  /^(?:se|caso|quando|sempre que|if|when|whenever)(?!\p{L})/iu.test(clause);
