import { words } from './fold.js';

const portuguese = `a o as os um uma uns umas de do da dos das em no na nos nas num numa por pelo pela pelos pelas para pra pro pras pros com sem sob sobre
  e ou mas que se como porque pois qual quais quem quando onde cuja cujo me te lhe lhes meu minha meus minhas seu sua seus suas nosso nossa nossos nossas
  eu tu ele ela eles elas voce voces vc vcs ce nos a gente isso isto aquilo esse essa esses essas este esta estes estas aquele aquela ai la aqui ali
  ser sou e eh sao era foi fui fosse estar esta estao estou tou to ta tao tava estava ter tem tens temos tenho tinha teria haver ha havia houve
  ir vou vai vao vamos ia fazer faz fazem fazemos faco fazendo poder posso pode podem podemos poderia podia consigo consegue conseguem querer quero quer queria queremos
  gostar gosto gostaria saber sei sabe sabem saberia dizer diz diga falar dar da dao daria ver ficar fica ja ainda so tambem tb tbm muito mais menos bem mal
  entao agora hoje sim nao n ne oi ola opa eai bom boa dia tarde noite tudo certo beleza blz por favor pf pfv pfvr obrigado obrigada obg valeu vlw tchau abraco
  amigo amiga moco moca gente pessoal querido querida senhor senhora tipo assim alguma algum alguns algumas todo toda cada outro outra outros outras mesmo mesma
  coisa caso ate desde entre duvida pergunta informacao informar informa informam mim ti si dele dela deles delas nada algo aos ao duma dum
  existe existem rola precisar preciso precisa precisam usar uso usa usam usamos costuma costumam deixar deixa deixam trabalhar trabalham chama chamar comigo contigo
  quanto quanta quantos quantas fala falam acho acha favor via seria serio viu hein poxa nossa ok okay ah eh eita vixe oxe
  vender vende vendem vendemos venda loja padaria estabelecimento lugar pessoas pessoa gente tempo antes depois vez dias semana mes ano opcao opcoes produto produtos tipos tipo
  amanha ontem cedo cedinho logo agorinha hoje tarde daqui ca dai moro mora moramos morar vivo passa passam passe da pra pro sabor sabores gosto mae pai filho filha filhos filhas
  marido esposa mulher avo vo sogra namorada namorado irma irmao familia usa entrar entra entram cai caem sai saem emite emitem emitir recebe recebem receber quais tal inclusive praticar seguinte moco oii chamo whats policy politica eu hora proxima proximo proximos sin atendem atendemos vier
  risco seguro segura algo alguem demais pouco pouquinho pelo amor deus licenca desculpa acabei acabou vezes vez exemplo super bastante realmente verdade
  possivel certeza maneira jeito parte aqui perto logo comprar compro compra conseguir consigo funciona comer levar passar mandar manda mandam chegar chego vir venho volta
  atendimento atende atendem incluso incluem inclui sempre nunca qualquer certo oferecem oferece trazer opa galera so queria feira feiras inteiro inteira disponivel disponiveis acontece`;

const english = `a an the this that these those i you he she it we they me him her us them my your his its our their mine yours ours
  is am are was were be been being do does did doing done have has had having will would can could shall should may might must
  and or but if so because as than then of at by for with about into to from in on off over under again there here
  what which who whom whose when where why how any some each every all both few more most other such no not only own same too very just also
  hi hello hey good morning afternoon evening night please pls plz thanks thank thx ty bye ok okay yes yeah yep nope
  want wanna need like know tell get got give take make let see say ask question questions wondering d ll re ve m s t don doesn didn isn aren won wouldn couldn
  guys folks sir madam mate buddy something anything someone anyone much many really maybe still now today
  sell sells selling buy shop store bakery place available offer offers option options product products kind kinds type types thing things people person time before after
  tomorrow yesterday early late later safe safely free mum mom mother dad father son daughter husband wife kid live lives place around way another instead one ones next
  hola buenas buenos tardes dias hacen hace hacemos tienen tiene tienes el la los las un una en y o para con por que cual cuales cuando donde cuanto puedo quiero quisiera ustedes gracias opciones opcion
  possible sure eat come go going visit bring send possible allow allowed let does use using happen happens provide week month year`;

const set = new Set([...words(portuguese), ...words(english)]);

/** True of folded words that say nothing about the subject in either language: articles, auxiliaries, greetings, filler. */
export const isStopWord = (word: string): boolean => set.has(word) || (word.length === 1 && !/\d/.test(word));
